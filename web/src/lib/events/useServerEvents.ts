import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { setLive } from './live';
import { parseServerEvent } from './serverEvent';
import { staleBy } from './staleness';
import { eventsOf } from './stream';

import { apiFetch } from '@/lib/http/fetch';

/** Between a broken stream and the next try, in milliseconds, growing up to the second. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 30_000;

/** What happens on the server makes the cached answers about it stale. One stream for the app. */
export function useServerEvents(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    void follow(queryClient, stop.signal);
    return () => stop.abort();
  }, [queryClient]);
}

async function follow(queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const happened = staleBy(queryClient);
  let last: string | null = null;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const headers: Record<string, string> = last === null ? {} : { 'Last-Event-ID': last };
      const response = await apiFetch('/api/v1/events', { headers, signal });
      if (response.body === null) return;
      setLive(true);
      pause = FIRST_PAUSE;
      for await (const event of eventsOf(response.body)) {
        last = event.id ?? last;
        happened(parseServerEvent(event.name, event.data));
      }
    } catch {
      // Refused or cut off: pages poll meanwhile, and the loop comes back after a pause.
    }
    setLive(false);
    await new Promise((resume) => setTimeout(resume, pause));
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}
