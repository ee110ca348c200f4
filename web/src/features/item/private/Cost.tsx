import { Button, Text } from '@mantine/core';
import { useState } from 'react';

import { CostForm } from './CostForm';
import { Lines } from './Lines';
import type { Versioned } from '../api/getItem';

import { formatDate } from '@/lib/format/format';
import { formatMoney } from '@/lib/format/money';
import { useTranslation } from '@/lib/i18n';

export function Cost({ versioned, edits }: { versioned: Versioned; edits: boolean }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { cost } = versioned.item;
  if (editing) return <CostForm versioned={versioned} onDone={() => setEditing(false)} />;
  return (
    <>
      {cost === null ? (
        <Text c="dimmed">{t('private.noCost')}</Text>
      ) : (
        <Lines
          lines={[
            [t('private.paid'), formatMoney(cost)],
            [t('private.fees'), fee(cost.fees_minor)],
            [
              t('private.total'),
              cost.fees_minor === 0 ? '' : fee(cost.amount_minor + cost.fees_minor),
            ],
            [t('private.acquired'), cost.acquired_on === null ? '' : formatDate(cost.acquired_on)],
            [t('private.source'), cost.source],
          ]}
        />
      )}
      {edits && (
        <Button mt="xs" mb="md" variant="default" onClick={() => setEditing(true)}>
          {t(cost === null ? 'private.addCost' : 'private.editCost')}
        </Button>
      )}
    </>
  );

  function fee(amount_minor: number): string {
    return cost === null || amount_minor === 0
      ? ''
      : formatMoney({ amount_minor, currency: cost.currency });
  }
}
