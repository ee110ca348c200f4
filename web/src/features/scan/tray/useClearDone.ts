import { useQueryClient } from '@tanstack/react-query';

import { toastProblem } from '@/components/feedback/toast';
import { removeShot } from '@/lib/queue/shots';
import type { Shot } from '@/lib/storage/database';
import type { Scan } from '@/lib/wire/scan';

/** Clears the photos that the server has finished with; null while everything is sent by now. */
export function useClearDone(shots: readonly Shot[]): (() => void) | null {
  const queryClient = useQueryClient();
  if (!shots.some((shot) => shot.state === 'sent')) return null;
  return () => {
    const done = shots.filter(({ state, scanId }) => {
      const scan = queryClient.getQueryData<Scan>(['scan', scanId]);
      return state === 'sent' && scan?.status === 'done';
    });
    Promise.all(done.map(({ id }) => removeShot(id))).catch(toastProblem);
  };
}
