import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { detailsQuery } from '../api/privateDetails';
import { DetailsForm } from './DetailsForm';
import { Lines } from './Lines';

import { Failing } from '@/components/states/Failing';
import type { ItemId } from '@/lib/brand';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

const names = ['insurance_policy', 'storage_place', 'note'] as const;

export function PrivateDetails({ id, edits }: { id: ItemId; edits: boolean }) {
  const { t } = useTranslation();
  const found = useQuery(detailsQuery(id));
  const [editing, setEditing] = useState(false);
  if (found.isPending) return <Skeleton h={72} />;
  // Guests of a single collection may see prices, but not these.
  if (found.error instanceof ApiProblem && found.error.status === 403) return null;
  if (found.isLoadingError) return <Failing of={found} />;
  const { details } = found.data;
  if (editing)
    return <DetailsForm id={id} versioned={found.data} onDone={() => setEditing(false)} />;
  const empty = names.every((name) => details[name] === '');
  return (
    <>
      {empty ? (
        <Text c="dimmed">{t('private.noDetails')}</Text>
      ) : (
        <Lines lines={names.map((name) => [t(`private.${name}`), details[name]])} />
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {t('private.text')}
      </Text>
      {edits && (
        <Button mt="xs" variant="default" onClick={() => setEditing(true)}>
          {t(empty ? 'private.addDetails' : 'private.editDetails')}
        </Button>
      )}
    </>
  );
}
