import { queryOptions } from '@tanstack/react-query';

import type { Job } from './job';

import { call } from '@/lib/http/verbs';

/** Between two looks while something runs, in milliseconds. */
const POLL = 3_000;

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async ({ signal }) =>
    (await call<Job[]>('GET', '/api/v1/jobs', { query: { limit: 50 }, signal })).data,
  refetchInterval: ({ state }) =>
    state.data?.some(({ status }) => status === 'running' || status === 'queued') === true
      ? POLL
      : false,
});
