import { useMutation, useQueryClient } from '@tanstack/react-query';

import { toast, toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';
import { makeShelf, type Move, putIn, takeOut } from '@/lib/shelves/shelves';

const STALE = [['collections'], ['items'], ['item'], ['recent'], ['search'], ['stats']];

/** Putting things into collections and taking them out, each with its way back. */
export function useMoves(onDone?: () => void) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all(STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
  const sayPut = (move: Move, changed: number) => {
    const { name } = move.shelf;
    if (changed === 0) {
      toast(t('shelves.putNone', { name }));
      return;
    }
    // Of those that were in it before nobody could say which ones to take out again.
    const back = () => takeOut(move).then(refresh);
    toast(
      t('shelves.putInto', { count: changed, name }),
      changed === move.ids.length ? back : undefined,
    );
  };
  const common = { onError: toastProblem, onSettled: refresh };
  const put = useMutation({
    mutationFn: putIn,
    onSuccess: (changed, move) => {
      sayPut(move, changed);
      onDone?.();
    },
    ...common,
  });
  const putIntoNew = useMutation({
    mutationFn: async ({ name, ids }: { name: string; ids: Move['ids'] }) => {
      const shelf = await makeShelf({ name });
      return { move: { shelf, ids }, changed: await putIn({ shelf, ids }) };
    },
    onSuccess: ({ move, changed }) => {
      sayPut(move, changed);
      onDone?.();
    },
    ...common,
  });
  const take = useMutation({
    mutationFn: takeOut,
    onSuccess: (changed, move) => {
      const { name, visibility } = move.shelf;
      const said =
        visibility === 'private'
          ? t('shelves.takenPrivate', { name })
          : t('shelves.taken', { count: changed, name });
      toast(said, () => putIn(move).then(refresh));
      onDone?.();
    },
    ...common,
  });
  return { put, putIntoNew, take };
}
