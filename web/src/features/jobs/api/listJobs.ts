import { queryOptions } from '@tanstack/react-query';

import type { Job } from './job';

import { jobsList } from '@/api';

/** Between two looks while something runs, in milliseconds. */
const POLL = 3_000;

export const jobsQuery = queryOptions({
  queryKey: ['jobs'],
  queryFn: async ({ signal }) => (await jobsList({ query: { limit: 50 }, signal })).data as Job[],
  refetchInterval: ({ state }) =>
    state.data?.some(({ status }) => status === 'running' || status === 'queued') === true
      ? POLL
      : false,
});
