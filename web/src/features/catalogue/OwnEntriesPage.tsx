import '@/lib/i18n/later';

import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { ownEntriesQuery } from './api/listOwnEntries';
import classes from './catalogue.module.css';
import { BackToCatalogues } from './BackToCatalogues';
import { EntryRow } from './EntryRow';

import { PageHead } from '@/components/layout/PageHead';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** What the person added to the catalogues or says differently. */
export function OwnEntriesPage() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const entries = useQuery(ownEntriesQuery);
  return (
    <>
      <BackToCatalogues />
      <PageHead title={t('catalogue.own.title')} text={t('catalogue.own.text')}>
        {arranges && (
          <Button renderRoot={(props) => <Link to="/catalogue/entries/new" {...props} />}>
            {t('catalogue.own.new')}
          </Button>
        )}
      </PageHead>
      {entries.isPending && <Skeleton h={200} aria-busy />}
      <Failing of={entries} />
      {entries.data?.length === 0 && (
        <Empty title={t('catalogue.own.none')} text={t('catalogue.own.noneText')} />
      )}
      <ul className={classes.entries}>
        {entries.data?.map((entry) => (
          <EntryRow
            key={entry.id}
            entry={entry}
            mark={entry.catalogue === null ? t('catalogue.own.mark') : t('catalogue.entry.own')}
          />
        ))}
      </ul>
    </>
  );
}
