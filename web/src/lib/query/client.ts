import { QueryClient } from '@tanstack/react-query';

import { ApiProblem, Unreachable } from '@/lib/http/problem';

const DAY = 24 * 60 * 60 * 1000;

/** A refusal is an answer; only silence and a server's own failure are worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof ApiProblem) return error.status >= 500 && failures < 2;
  return error instanceof Unreachable && failures < 3;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, gcTime: DAY, retry: worthRetrying, networkMode: 'offlineFirst' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
