import { queryOptions } from '@tanstack/react-query';

import { call } from '@/lib/http/verbs';

export interface Stats {
  total: number;
  by_kind: Record<string, number>;
  by_status: Record<string, number>;
  added_7d: number;
  review_waiting: number;
  scans_running: number;
}

export const statsQuery = queryOptions({
  queryKey: ['stats'],
  queryFn: async ({ signal }) =>
    (await call<Stats>('GET', '/api/v1/stats/collection', { signal })).data,
});
