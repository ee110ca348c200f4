import { useMutation, useQueryClient } from '@tanstack/react-query';

import { changeMe } from './api/changeMe';

import { toastProblem } from '@/components/feedback/toast';
import { meQuery, useMe } from '@/lib/session/session';
import type { Preferences } from '@/lib/session/preferences';

/** Sets some of the person's preferences; those of other programs stay. */
export function useSetPreference(): (change: Partial<Preferences>) => void {
  const me = useMe();
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: (change: Partial<Preferences>) =>
      changeMe({ preferences: { ...me.preferences, ...change } }),
    onSuccess: (now) => queryClient.setQueryData(meQuery.queryKey, now),
    onError: toastProblem,
  });
  return mutate;
}
