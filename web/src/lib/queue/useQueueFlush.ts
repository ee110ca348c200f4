import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useMe } from '@/lib/session/session';
import { isOvertaken } from '@/lib/session/shared';

const ASK = 'armarium:flush';
/** While photos wait and the server is silent, how long until the next try, in milliseconds. */
const AGAIN_AFTER = 20_000;

/** Call after photos were put in the tray. */
export function askForFlush(): void {
  window.dispatchEvent(new Event(ASK));
}

/**
 * Empties the tray at start, when the connection returns, and when the app comes to the front
 * (background sync exists in one browser family only).
 */
export function useQueueFlush(): void {
  const owner = useMe().space_id;
  const queryClient = useQueryClient();
  useEffect(() => {
    const flush = () => {
      if (isOvertaken()) return;
      void import('./flush')
        .then(({ flushShots }) => flushShots(owner))
        .then((sent) => {
          if (sent > 0) void queryClient.invalidateQueries({ queryKey: ['stats'] });
        })
        .catch(() => undefined); // the code itself may be out of reach; the next try comes anyway
    };
    const onFront = () => {
      if (document.visibilityState === 'visible') flush();
    };
    flush();
    const timer = window.setInterval(flush, AGAIN_AFTER);
    window.addEventListener('online', flush);
    window.addEventListener(ASK, flush);
    document.addEventListener('visibilitychange', onFront);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener('online', flush);
      window.removeEventListener(ASK, flush);
      document.removeEventListener('visibilitychange', onFront);
    };
  }, [owner, queryClient]);
}
