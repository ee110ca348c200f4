import { queryOptions } from '@tanstack/react-query';

import type { Job } from './job';

import { deadLettersList } from '@/api';

export const deadLettersQuery = queryOptions({
  queryKey: ['jobs', 'dead-letters'],
  queryFn: async ({ signal }) =>
    (await deadLettersList({ query: { limit: 100 }, signal })).data as Job[],
});
