import { queryOptions } from '@tanstack/react-query';

import type { Job } from './job';

import { call } from '@/lib/http/verbs';

export const deadLettersQuery = queryOptions({
  queryKey: ['jobs', 'dead-letters'],
  queryFn: async ({ signal }) =>
    (await call<Job[]>('GET', '/api/v1/dead-letters', { query: { limit: 100 }, signal })).data,
});
