import { toastProblem } from '@/components/feedback/toast';
import { removeShot } from '@/lib/queue/shots';
import type { Shot } from '@/lib/storage/database';

/** Clears the photos that the server has finished with; null while everything is sent by now. */
export function clearDone(shots: readonly Shot[]): (() => void) | null {
  if (!shots.some((shot) => shot.state === 'sent')) return null;
  return () => {
    const done = shots.filter(({ state, found }) => state === 'sent' && found !== undefined);
    Promise.all(done.map(({ id }) => removeShot(id))).catch(toastProblem);
  };
}
