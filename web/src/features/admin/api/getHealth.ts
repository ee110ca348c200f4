import { queryOptions } from '@tanstack/react-query';

import { healthDeep, healthVersion } from '@/api';

/** Between two looks while the page is open, in milliseconds. */
const EVERY = 15_000;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({ signal }) => (await healthDeep({ signal })).data,
  refetchInterval: EVERY,
});

export const versionQuery = queryOptions({
  queryKey: ['version'],
  queryFn: async ({ signal }) => (await healthVersion({ signal })).data,
});
