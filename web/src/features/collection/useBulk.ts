import { useMutation, useQueryClient } from '@tanstack/react-query';

import { deleteItem } from './api/deleteItem';
import { restoreItem } from './api/restoreItem';
import { setStatus } from './api/setStatus';
import { trashItem } from './api/trashItem';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { ItemId } from '@/lib/brand';
import { inTurns } from '@/lib/inTurns';
import { useTranslation } from '@/lib/i18n';
import { useStatusLabel } from '@/lib/kinds/statuses';
import type { Item } from '@/lib/wire/item';

type Act =
  | { name: 'status'; items: readonly Item[]; status: string }
  | { name: 'trash' | 'restore' | 'delete'; items: readonly Item[] };

const STALE = [['items'], ['stats'], ['recent'], ['search']];

/** What can be done to many things at once, each act with its way back where there is one. */
export function useBulk(onDone: () => void) {
  const { t } = useTranslation();
  const statusLabel = useStatusLabel();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all(STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })));

  const say = (act: Act) => {
    const count = act.items.length;
    const ids = act.items.map(({ id }) => id);
    switch (act.name) {
      case 'status': {
        toast(t('collection.statusSet', { count, status: statusLabel(act.status) }), () =>
          inTurns(act.items, ({ id, status }) => setStatus(id, status)).then(refresh),
        );
        return;
      }
      case 'trash': {
        toast(t('collection.trashed', { count }), () => inTurns(ids, restoreItem).then(refresh));
        return;
      }
      case 'restore': {
        toast(t('collection.restored', { count }), () => inTurns(ids, trashItem).then(refresh));
        return;
      }
      case 'delete': {
        toast(t('collection.deleted', { count }));
        return;
      }
    }
  };

  return useMutation({
    mutationFn: (act: Act) => {
      const ids = act.items.map(({ id }) => id);
      const each = {
        status: (id: ItemId) => setStatus(id, act.name === 'status' ? act.status : ''),
        trash: trashItem,
        restore: restoreItem,
        delete: deleteItem,
      }[act.name];
      return inTurns<ItemId, unknown>(ids, each);
    },
    onSuccess: (_answer, act) => {
      say(act);
      onDone();
    },
    onError: toastProblem,
    onSettled: refresh,
  });
}
