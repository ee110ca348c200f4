import '@/lib/i18n/later';

import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { entryQuery } from './api/getEntry';
import classes from './catalogue.module.css';
import { CorrectEntry } from './edit/CorrectEntry';
import { EntryFacts } from './EntryFacts';
import { EntryHead } from './EntryHead';

import { Crop } from '@/components/detection/Crop';
import { usePageTitle } from '@/components/layout/usePageTitle';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import type { EntryId } from '@/lib/brand';
import { isNotFound } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';

const route = getRouteApi('/inside/catalogue/entries/$entryId');

export function EntryPage() {
  const { t } = useTranslation();
  const id = route.useParams().entryId as EntryId;
  const found = useQuery(entryQuery(id));
  const kinds = useKinds();
  const [editing, setEditing] = useState(false);
  usePageTitle(found.data?.title);

  if (found.isPending) return <Skeleton h={480} aria-busy />;
  if (isNotFound(found.error))
    return (
      <Empty title={t('catalogue.entry.missing.title')} text={t('catalogue.entry.missing.text')} />
    );
  if (found.isLoadingError) return <Failing of={found} />;
  const entry = found.data;
  const kind = kinds.find(({ name }) => name === entry.kind);
  return (
    <div className={classes.page} data-bare={entry.image_url === null || undefined}>
      <Crop url={entry.image_url} alt={entry.title} className={classes.picture} />
      <div>
        <EntryHead entry={entry} editing={editing} onEdit={() => setEditing(true)} />
        {editing && kind !== undefined ? (
          <CorrectEntry entry={entry} kind={kind} onDone={() => setEditing(false)} />
        ) : (
          <EntryFacts entry={entry} kind={kind} />
        )}
      </div>
    </div>
  );
}
