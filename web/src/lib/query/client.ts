import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { ApiProblem, Unreachable } from '@/lib/http/problem';
import { isReached, onReached } from '@/lib/http/reached';
import { announceExpired } from '@/lib/session/expired';
import { announceFactorMissing } from '@/lib/session/factorMissing';

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** A refusal is an answer; only silence and a server's own failure are worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 && failures < 2;
  return error instanceof Unreachable && failures < 2;
}

function watchSession(error: Error): void {
  if (!(error instanceof ApiProblem)) return;
  if (error.status === 401 && error.code !== 'wrong_second_factor') announceExpired();
  if (error.code === 'second_factor_missing') announceFactorMissing();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watchSession }),
  mutationCache: new MutationCache({ onError: watchSession }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: WEEK,
      retry: worthRetrying,
      networkMode: 'always',
      refetchOnReconnect: true,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

// What could not be loaded while the server was silent is asked for again when it answers.
onReached(() => {
  if (isReached())
    void queryClient.invalidateQueries({
      predicate: ({ state }) => state.errorUpdatedAt > state.dataUpdatedAt,
    });
});
