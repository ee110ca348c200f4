import '@/lib/i18n/later';

import { Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { entriesQuery } from './api/listEntries';
import { BackToCatalogues } from './BackToCatalogues';
import { CatalogueMenu } from './CatalogueMenu';
import classes from './catalogue.module.css';
import { EntryRow } from './EntryRow';
import { ImportReport } from './ImportReport';
import { SetSelect } from './SetSelect';
import { stateOf } from './state';

import { Find } from '@/components/filters/Find';
import { PageHead } from '@/components/layout/PageHead';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import { cataloguesQuery } from '@/lib/catalogues';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/catalogue/$slug');

export function CataloguePage() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const { slug } = route.useParams();
  const { q = '', set } = route.useSearch();
  const navigate = route.useNavigate();
  const catalogue = useQuery(cataloguesQuery).data?.find((known) => known.slug === slug);
  const list = useInfiniteQuery(entriesQuery(slug, q, set));
  const entries = list.data?.pages.flatMap(({ rows }) => rows) ?? [];
  const narrow = (part: { q?: string | undefined; set?: string | undefined }) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const count = catalogue?.entry_count ?? 0;
  const bare = catalogue !== undefined && count === 0;

  return (
    <>
      <BackToCatalogues />
      <PageHead
        title={catalogue?.name ?? slug}
        text={
          bare
            ? t(`catalogue.state.${stateOf(catalogue) as 'failed' | 'importing' | 'empty'}`)
            : catalogue && t('catalogue.entries', { count, formatted: formatNumber(count) })
        }
      >
        {catalogue && admin && <CatalogueMenu catalogue={catalogue} />}
      </PageHead>
      {!bare && (
        <div className={classes.narrow}>
          <Find
            aria-label={t('catalogue.find')}
            placeholder={t('catalogue.findHint')}
            defaultValue={q}
            onFind={(words) => narrow({ q: words })}
          />
          <SetSelect slug={slug} value={set} onChange={(code) => narrow({ set: code })} />
        </div>
      )}
      {list.isLoadingError ? (
        <Failing of={list} />
      ) : list.isPending ? (
        <div className={classes.entries} aria-busy>
          {Array.from({ length: 12 }, (_, index) => (
            <Skeleton key={index} h={68} my={8} />
          ))}
        </div>
      ) : entries.length === 0 && !bare ? (
        <Empty title={t('catalogue.none.title')} text={t('catalogue.none.text')} />
      ) : (
        <ul className={classes.entries}>
          {entries.map((entry) => (
            <EntryRow
              key={entry.id}
              entry={entry}
              {...(entry.overridden ? { mark: t('catalogue.entry.own') } : {})}
            />
          ))}
        </ul>
      )}
      <More of={list} />
      {catalogue?.licence && (
        <Text size="sm" c="dimmed" mt="xl">
          {t('catalogue.licence', { licence: catalogue.licence })}
        </Text>
      )}
      {admin && catalogue?.last_import && <ImportReport report={catalogue.last_import} />}
    </>
  );
}
