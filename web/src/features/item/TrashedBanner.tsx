import { Button, Group } from '@mantine/core';
import { useState } from 'react';

import classes from './item.module.css';
import { useItemActs } from './useItemActs';

import { AskFirst } from '@/components/feedback/AskFirst';
import { formatDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useLastDay } from '@/lib/items/trash';
import { useRights } from '@/lib/session/rights';
import type { Item } from '@/lib/wire/item';

export function TrashedBanner({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { edits, arranges } = useRights();
  const { restore, erase } = useItemActs(item);
  const last = useLastDay(item.deleted_at);
  const [asking, setAsking] = useState(false);
  return (
    <div className={classes.trashed} role="status">
      <span>
        {t('item.inTrash')} {last !== null && t('item.goesAfter', { day: formatDay(last) })}
      </span>
      {edits && (
        <Group gap="xs">
          <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
            {t('item.restore')}
          </Button>
          {arranges && (
            <Button color="danger" variant="light" onClick={() => setAsking(true)}>
              {t('item.erase')}
            </Button>
          )}
        </Group>
      )}
      {asking && (
        <AskFirst
          act={t('item.erase')}
          text={t('item.eraseAsk')}
          pending={erase.isPending}
          onYes={() => erase.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
