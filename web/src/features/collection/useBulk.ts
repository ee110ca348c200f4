import { useMutation, useQueryClient } from '@tanstack/react-query';

import { changeMany } from './api/changeMany';
import { deleteItem } from '@/lib/items/deleteItem';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { ItemId } from '@/lib/brand';
import { inTurns } from '@/lib/inTurns';
import { useTranslation } from '@/lib/i18n';
import { useStatusLabel } from '@/lib/kinds/statuses';
import type { ItemRow } from '@/lib/wire/item';

type Act =
  | { name: 'status'; items: readonly ItemRow[]; status: string }
  | { name: 'tag'; items: readonly ItemRow[]; tag: string }
  | { name: 'trash' | 'restore' | 'delete'; items: readonly ItemRow[] };

const STALE = [['items'], ['item'], ['stats'], ['recent'], ['search'], ['collections']];

const idsOf = (items: readonly ItemRow[]): ItemId[] => items.map(({ id }) => id);

/** What can be done to many things at once, each act with its way back where there is one. */
export function useBulk(onDone: () => void) {
  const { t } = useTranslation();
  const statusLabel = useStatusLabel();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all(STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })));

  const say = (act: Act) => {
    const count = act.items.length;
    const ids = idsOf(act.items);
    switch (act.name) {
      case 'status': {
        toast(t('collection.statusSet', { count, status: statusLabel(act.status) }), () =>
          statusesBack(act.items).then(refresh),
        );
        return;
      }
      case 'tag': {
        toast(t('collection.tagged', { count, tag: act.tag }));
        return;
      }
      case 'trash': {
        toast(t('collection.trashed', { count }), () =>
          changeMany(ids, { action: 'restore' }).then(refresh),
        );
        return;
      }
      case 'restore': {
        toast(t('collection.restored', { count }), () =>
          changeMany(ids, { action: 'trash' }).then(refresh),
        );
        return;
      }
      case 'delete': {
        toast(t('collection.deleted', { count }));
        return;
      }
    }
  };

  return useMutation({
    mutationFn: perform,
    onSuccess: (_answer, act) => {
      say(act);
      onDone();
    },
    onError: toastProblem,
    onSettled: refresh,
  });
}

async function perform(act: Act): Promise<void> {
  const ids = idsOf(act.items);
  switch (act.name) {
    case 'status':
      return changeMany(ids, { action: 'set_status', status: act.status });
    case 'tag':
      return changeMany(ids, { action: 'tag', add_tags: [act.tag] });
    case 'trash':
    case 'restore':
      return changeMany(ids, { action: act.name });
    case 'delete':
      await inTurns(ids, deleteItem);
  }
}

/** Each item gets the status that it had, one request a status. */
async function statusesBack(items: readonly ItemRow[]): Promise<void> {
  for (const status of new Set(items.map((item) => item.status))) {
    await changeMany(idsOf(items.filter((item) => item.status === status)), {
      action: 'set_status',
      status,
    });
  }
}
