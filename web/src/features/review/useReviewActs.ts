import {
  type InfiniteData,
  useMutation,
  useMutationState,
  useQueryClient,
} from '@tanstack/react-query';

import { acceptMany } from './api/acceptMany';
import { again } from './api/again';
import { type Choice, choose } from './api/choose';
import { discard } from './api/discard';
import { merge } from './api/merge';
import { split } from './api/split';
import { waitingQuery } from './api/listWaiting';
import { takeBack } from './takeBack';

import { beginAct, toast, toastProblem } from '@/components/feedback/toast';
import type { DetectionId } from '@/lib/brand';
import type { Page } from '@/lib/http/page';
import { useTranslation } from '@/lib/i18n';
import type { Box, Waiting } from '@/lib/wire/scan';

export type Act =
  | { name: 'choose'; id: DetectionId; title: string; choice: Choice }
  | { name: 'discard'; id: DetectionId }
  | { name: 'split'; id: DetectionId; boxes: readonly Box[] }
  | { name: 'merge'; id: DetectionId; others: readonly DetectionId[] }
  | { name: 'acceptMany'; ids: readonly DetectionId[] }
  | { name: 'again'; ids: readonly DetectionId[] };

const STALE = [['review'], ['stats'], ['scan'], ['items'], ['recent']];

const touched = (act: Act): readonly DetectionId[] =>
  'ids' in act ? act.ids : act.name === 'merge' ? [act.id, ...act.others] : [act.id];

/** Every decision leaves the inbox at once and can be taken back; a refused one returns. */
export function useReviewActs() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all(STALE.map((queryKey) => queryClient.invalidateQueries({ queryKey })));

  const mutation = useMutation({
    mutationKey: waitingQuery.queryKey,
    mutationFn: perform,
    onMutate: () => ({ end: beginAct() }),
    onSuccess: (failed, act) => {
      const gone = new Set(touched(act));
      queryClient.setQueryData(waitingQuery.queryKey, (now) => now && without(now, gone));
      if (failed > 0) toast(t('review.done.failedMany', { count: failed }));
      const count = touched(act).length - failed;
      if (count === 0) return;
      const words = {
        choose: () => t('review.done.accept', { title: 'title' in act ? act.title : '' }),
        discard: () => t('review.done.discard'),
        split: () => t('review.done.split'),
        merge: () => t('review.done.merge'),
        acceptMany: () => t('review.done.acceptMany', { count }),
        again: () => t('review.done.again', { count }),
      };
      // One undo brings back a whole merge; the others are undone one by one.
      toast(words[act.name](), () =>
        takeBack(act.name === 'merge' ? [act.id] : touched(act)).then(refresh),
      );
    },
    onError: toastProblem,
    onSettled: (_failed, error, _act, context) => {
      context?.end(error === null);
      void refresh();
    },
  });
  const underway = useMutationState({
    filters: { mutationKey: waitingQuery.queryKey, status: 'pending' },
    select: ({ state }) => touched(state.variables as Act),
  });

  return { decide: mutation.mutate, deciding: new Set(underway.flat()) };
}

/** How many of the act's detections the server refused. */
async function perform(act: Act): Promise<number> {
  switch (act.name) {
    case 'choose':
      await choose(act.id, act.choice);
      return 0;
    case 'discard':
      await discard(act.id);
      return 0;
    case 'split':
      await split(act.id, act.boxes);
      return 0;
    case 'merge':
      await merge(act.id, act.others);
      return 0;
    case 'acceptMany':
      return acceptMany(act.ids);
    case 'again':
      return again(act.ids);
  }
}

function without(
  data: InfiniteData<Page<Waiting>>,
  gone: ReadonlySet<DetectionId>,
): InfiniteData<Page<Waiting>> {
  return {
    ...data,
    pages: data.pages.map((page) => ({
      ...page,
      rows: page.rows.filter(({ id }) => !gone.has(id)),
    })),
  };
}
