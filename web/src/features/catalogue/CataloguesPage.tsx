import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import classes from './catalogue.module.css';

import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import type { CatalogueOut } from '@/api';
import type { Instant } from '@/lib/brand';
import { cataloguesQuery } from '@/lib/catalogues';
import { formatAgo, formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import { useMe } from '@/lib/session/session';

export function CataloguesPage() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const catalogues = useQuery(cataloguesQuery);
  const importAct = admin && (
    <Button renderRoot={(props) => <Link to="/catalogue/import" {...props} />}>
      {t('catalogue.import')}
    </Button>
  );
  if (catalogues.data?.length === 0) {
    return (
      <EmptyPage
        picture={<Cabinet />}
        title={t('catalogue.empty.title')}
        text={admin ? t('catalogue.empty.text') : t('catalogue.empty.textUser')}
      >
        {importAct}
      </EmptyPage>
    );
  }
  return (
    <>
      <PageHead title={t('catalogue.title')} text={t('catalogue.text')}>
        {importAct}
      </PageHead>
      {catalogues.isError && <Failing error={catalogues.error} retry={catalogues.refetch} />}
      <div className={classes.shelf}>
        {catalogues.isPending &&
          Array.from({ length: 3 }, (_, index) => <Skeleton key={index} h={148} />)}
        {catalogues.data?.map((catalogue) => (
          <CatalogueCard key={catalogue.slug} catalogue={catalogue} />
        ))}
      </div>
    </>
  );
}

function CatalogueCard({ catalogue }: { catalogue: CatalogueOut }) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const { ready = 0, pending = 0, failed = 0 } = catalogue.images;
  const pictures = ready + pending + failed;
  const facts = [
    catalogue.source && t('catalogue.source', { source: catalogue.source }),
    catalogue.licence && t('catalogue.licence', { licence: catalogue.licence }),
    t('catalogue.updated', {
      when: formatAgo(catalogue.updated_at as Instant, t('common.ago.now')),
    }),
  ];
  return (
    <Link to="/catalogue/$slug" params={{ slug: catalogue.slug }} className={classes.catalogue}>
      <Text size="sm" c="dimmed">
        {kind(catalogue.kind)}
      </Text>
      <Text className="serif" fz="1.35rem" lh={1.25}>
        {catalogue.name}
      </Text>
      <Text className="figures" mt={4}>
        {t('catalogue.entries', {
          count: catalogue.entry_count,
          formatted: formatNumber(catalogue.entry_count),
        })}
      </Text>
      {pictures > 0 && pending > 0 && (
        <Text size="sm" c="dimmed" className="figures">
          {t('catalogue.images', { ready: formatNumber(ready), total: formatNumber(pictures) })}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {facts.filter(Boolean).join(' · ')}
      </Text>
    </Link>
  );
}
