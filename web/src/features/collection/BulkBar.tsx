import { ActionIcon, Button, Menu, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';

import classes from './collection.module.css';
import { TagMenu } from './TagMenu';
import { useBulk } from './useBulk';
import type { Selection } from './useSelection';

import { PutInDialog } from '@/components/shelves/PutInDialog';
import { useMoves } from '@/components/shelves/useMoves';
import { AskFirst } from '@/components/feedback/AskFirst';
import { useTranslation } from '@/lib/i18n';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';
import { useRights } from '@/lib/session/rights';
import type { Shelf } from '@/lib/shelves/shelves';
import type { ItemRow } from '@/lib/wire/item';

interface Props {
  items: readonly ItemRow[];
  selection: Selection;
  trash: boolean;
  /** The collection whose page this is. */
  shelf?: Shelf | undefined;
}

export function BulkBar({ items, selection, trash, shelf }: Props) {
  const { t } = useTranslation();
  const statusLabel = useStatusLabel();
  const { arranges } = useRights();
  const [asking, setAsking] = useState(false);
  const [putting, setPutting] = useState(false);
  const { take } = useMoves(selection.clear);
  const bulk = useBulk(selection.clear);
  const chosen = items.filter(({ id }) => selection.ids.has(id));
  if (!selection.selecting) return null;
  const idle = chosen.length === 0 || bulk.isPending;

  return (
    <div
      className={classes.bulk}
      role="toolbar"
      aria-label={t('collection.selected', { count: chosen.length })}
    >
      <Text role="status" mr="sm" className="figures">
        {t('collection.selected', { count: chosen.length })}
      </Text>
      {trash ? (
        <>
          <Button disabled={idle} onClick={() => bulk.mutate({ name: 'restore', items: chosen })}>
            {t('collection.restore')}
          </Button>
          {arranges && (
            <Button color="danger" variant="light" disabled={idle} onClick={() => setAsking(true)}>
              {t('collection.deleteForever')}
            </Button>
          )}
        </>
      ) : (
        <>
          <Menu position="top">
            <Menu.Target>
              <Button variant="default" disabled={idle}>
                {t('collection.setStatus')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {statuses.map((status) => (
                <Menu.Item
                  key={status}
                  onClick={() => bulk.mutate({ name: 'status', items: chosen, status })}
                >
                  {statusLabel(status)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <TagMenu
            disabled={idle}
            onTag={(tag) => bulk.mutate({ name: 'tag', items: chosen, tag })}
          />
          {arranges && (
            <Button variant="default" disabled={idle} onClick={() => setPutting(true)}>
              {t('shelves.put')}
            </Button>
          )}
          {arranges && shelf !== undefined && (
            <Button
              variant="default"
              disabled={idle || take.isPending}
              onClick={() => take.mutate({ shelf, ids: chosen.map(({ id }) => id) })}
            >
              {t('shelves.takeOut')}
            </Button>
          )}
          <Button
            variant="default"
            disabled={idle}
            onClick={() => bulk.mutate({ name: 'trash', items: chosen })}
          >
            {t('collection.moveToTrash')}
          </Button>
        </>
      )}
      <ActionIcon aria-label={t('collection.clear')} onClick={selection.clear}>
        <IconX size={20} aria-hidden />
      </ActionIcon>
      {putting && (
        <PutInDialog
          ids={chosen.map(({ id }) => id)}
          onDone={selection.clear}
          onClose={() => setPutting(false)}
        />
      )}
      {asking && (
        <AskFirst
          act={t('collection.deleteForever')}
          text={t('collection.deleteForeverAsk', { count: chosen.length })}
          pending={bulk.isPending}
          onYes={() =>
            bulk.mutate({ name: 'delete', items: chosen }, { onSettled: () => setAsking(false) })
          }
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
