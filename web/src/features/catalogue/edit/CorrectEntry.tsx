import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { EntryForm } from './EntryForm';
import { getCorrection, putCorrection } from '../api/correction';
import type { Entry } from '../api/entry';
import { useRefreshEntry } from '../useEntryActs';

import { toast } from '@/components/feedback/toast';
import { useBase } from '@/components/fields/useBase';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import type { Kind } from '@/lib/wire/kind';

interface Props {
  entry: Entry;
  kind: Kind;
  onDone: () => void;
}

/** The person's own word on an entry; the shared catalogue stays as it is. */
export function CorrectEntry({ entry, kind, onDone }: Props) {
  const { t } = useTranslation();
  const refresh = useRefreshEntry();
  const version = useBase([entry.title, entry.fields], entry.version);
  const said = useQuery({
    queryKey: ['entry', entry.id, 'correction'],
    queryFn: () => getCorrection(entry.id),
    gcTime: 0,
    staleTime: Infinity,
  });
  if (said.isPending) return <Skeleton h={400} aria-busy />;
  if (said.isLoadingError) return <Failing of={said} />;
  const shared = entry.catalogue !== null;
  return (
    <>
      {shared && (
        <Text c="dimmed" mb="lg">
          {t('catalogue.edit.text')}
        </Text>
      )}
      <EntryForm
        kind={kind}
        start={said.data}
        below={shared ? entry.fields : {}}
        withNote={shared}
        act={t('common.save')}
        save={(correction) => putCorrection(entry.id, correction, version)}
        onSaved={() => {
          void refresh();
          toast(t('catalogue.edit.saved'));
          onDone();
        }}
      >
        <Button variant="subtle" onClick={onDone}>
          {t('common.cancel')}
        </Button>
      </EntryForm>
    </>
  );
}
