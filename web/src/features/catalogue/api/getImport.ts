import { queryOptions } from '@tanstack/react-query';

import type { JobId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export interface ImportJob {
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: { done: number; total: number; note: string } | null;
  error: { message: string } | null;
}

const POLL = 1_500;

export const importJobQuery = (id: JobId) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: async ({ signal }) =>
      (await call<ImportJob>('GET', `/api/v1/jobs/${id}`, { signal })).data,
    refetchInterval: ({ state }) =>
      state.data?.status === 'queued' || state.data?.status === 'running' ? POLL : false,
  });
