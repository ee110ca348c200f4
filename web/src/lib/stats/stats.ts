import { queryOptions } from '@tanstack/react-query';

import { itemsStats, reviewCount } from '@/api';

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: async ({ signal }) => (await itemsStats({ signal })).data,
});

/** How many finds wait for a person. */
export const waitingCountQuery = queryOptions({
  queryKey: ['stats', 'waiting'],
  queryFn: async ({ signal }) => (await reviewCount({ signal })).data.waiting,
});
