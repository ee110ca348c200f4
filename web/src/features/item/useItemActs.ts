import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';

import { changeItem } from './api/changeItem';
import { restoreItem } from './api/restoreItem';
import { trashItem } from './api/trashItem';

import { toast, toastProblem } from '@/components/feedback/toast';
import { deleteItem } from '@/lib/items/deleteItem';
import { useTranslation } from '@/lib/i18n';
import { useStatusLabel } from '@/lib/kinds/statuses';
import type { Item } from '@/lib/wire/item';

const STALE = [['items'], ['stats'], ['recent'], ['search'], ['collections']];

/** Makes everything that shows this item ask again. */
export function useRefreshItem(id: Item['id']): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [['item', id], ...STALE].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}

export function useItemActs(item: Item) {
  const { t } = useTranslation();
  const statusLabel = useStatusLabel();
  const refresh = useRefreshItem(item.id);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const common = { onError: toastProblem, onSettled: refresh };
  const trash = useMutation({
    mutationFn: () => trashItem(item.id),
    onSuccess: () => toast(t('item.trashed'), () => restoreItem(item.id).then(refresh)),
    ...common,
  });
  const restore = useMutation({
    mutationFn: () => restoreItem(item.id),
    onSuccess: () => toast(t('item.restored')),
    ...common,
  });
  const erase = useMutation({
    mutationFn: () => deleteItem(item.id),
    onSuccess: async () => {
      toast(t('item.erased'));
      await navigate({ to: '/collection', search: { trash: true } });
      queryClient.removeQueries({ queryKey: ['item', item.id] });
      await Promise.all(STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
    onError: toastProblem,
  });
  const status = useMutation({
    // One vocabulary word, chosen on purpose: it wins over what another window did to other fields.
    mutationFn: (next: string) => changeItem(item.id, { status: next }, null),
    onSuccess: (_answer, next) =>
      toast(t('item.statusNow', { status: statusLabel(next) }), () =>
        changeItem(item.id, { status: item.status }, null).then(refresh),
      ),
    ...common,
  });
  return { trash, restore, erase, status };
}
