import { useMutation, useQueryClient } from '@tanstack/react-query';

import { changeMe } from './changeMe';

import { toastProblem } from '@/components/feedback/toast';
import { meQuery } from '@/lib/session/session';
import type { Preferences } from '@/lib/session/preferences';

/** Sets some of the person's preferences; those of other programs stay. */
export function useSetPreference(): (change: Partial<Preferences>) => void {
  const queryClient = useQueryClient();
  const { mutate } = useMutation({
    // One after the other, each upon what is there now: the server takes all of them at once.
    scope: { id: 'preferences' },
    mutationFn: async (change: Partial<Preferences>) => {
      const { preferences } = await queryClient.query({ ...meQuery, staleTime: 0 });
      return changeMe({ preferences: { ...preferences, ...change } });
    },
    onSuccess: (now) => queryClient.setQueryData(meQuery.queryKey, now),
    onError: toastProblem,
  });
  return mutate;
}
