import { Anchor, Button, Skeleton, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { entriesQuery } from './api/listEntries';
import classes from './catalogue.module.css';
import { EntryRow } from './EntryRow';

import { PageHead } from '@/components/layout/PageHead';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { cataloguesQuery } from '@/lib/catalogues';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/catalogue/$slug');

export function CataloguePage() {
  const { t } = useTranslation();
  const { slug } = route.useParams();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const catalogue = useQuery(cataloguesQuery).data?.find((known) => known.slug === slug);
  const list = useInfiniteQuery(entriesQuery(slug, q));
  const entries = list.data?.pages.flatMap(({ rows }) => rows) ?? [];
  const search = useDebouncedCallback(
    (text: string) => void navigate({ search: { q: text || undefined }, replace: true }),
    200,
  );
  const count = catalogue?.entry_count ?? 0;

  return (
    <>
      <Anchor size="sm" renderRoot={(props) => <Link to="/catalogue" {...props} />}>
        {t('catalogue.back')}
      </Anchor>
      <PageHead
        title={catalogue?.name ?? slug}
        text={catalogue && t('catalogue.entries', { count, formatted: formatNumber(count) })}
      />
      <TextInput
        type="search"
        maw={520}
        aria-label={t('catalogue.find')}
        placeholder={t('catalogue.findHint')}
        leftSection={<IconSearch size={20} aria-hidden />}
        defaultValue={q}
        onChange={(event) => search(event.target.value)}
      />
      {list.isError ? (
        <Failing error={list.error} retry={list.refetch} />
      ) : list.isPending ? (
        <div className={classes.entries} aria-busy>
          {Array.from({ length: 12 }, (_, index) => (
            <Skeleton key={index} h={68} my={8} />
          ))}
        </div>
      ) : entries.length === 0 ? (
        <Empty title={t('catalogue.none.title')} text={t('catalogue.none.text')} />
      ) : (
        <ul className={classes.entries}>
          {entries.map((entry) => (
            <EntryRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          mt="lg"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('common.loadMore')}
        </Button>
      )}
      <Text size="sm" c="dimmed" mt="xl">
        {catalogue?.licence ? t('catalogue.licence', { licence: catalogue.licence }) : ''}
      </Text>
    </>
  );
}
