import { queryOptions } from '@tanstack/react-query';

import { jobsGet } from '@/api';
import type { JobId } from '@/lib/brand';

const POLL = 1_500;

export const importJobQuery = (id: JobId) =>
  queryOptions({
    queryKey: ['job', id],
    queryFn: async ({ signal }) => (await jobsGet({ path: { job_id: id }, signal })).data,
    refetchInterval: ({ state }) =>
      state.data?.status === 'queued' || state.data?.status === 'running' ? POLL : false,
  });
