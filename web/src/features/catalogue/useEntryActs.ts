import { useMutation, useQueryClient } from '@tanstack/react-query';

import { putCorrection, getCorrection, removeCorrection } from './api/correction';
import type { Entry } from './api/entry';

import { toast, toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';

/** Makes everything that shows entries ask again. */
export function useRefreshEntry(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [['entry'], ['entries']].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}

export function useEntryActs(entry: Entry, onGone: () => void) {
  const { t } = useTranslation();
  const refresh = useRefreshEntry();
  const takeBack = useMutation({
    mutationFn: async () => {
      const before = await getCorrection(entry.id);
      await removeCorrection(entry.id);
      return before;
    },
    onSuccess: (before) =>
      toast(t('catalogue.edit.takenBack'), () =>
        putCorrection(entry.id, before, null).then(refresh),
      ),
    onError: toastProblem,
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => removeCorrection(entry.id),
    onSuccess: () => {
      toast(t('catalogue.own.deleted'));
      onGone();
      void refresh();
    },
    onError: toastProblem,
  });
  return { takeBack, remove };
}
