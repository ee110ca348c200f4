import { queryOptions } from '@tanstack/react-query';

import { call } from '@/lib/http/verbs';
import type { Item } from '@/lib/wire/item';

export const recentQuery = queryOptions({
  queryKey: ['recent'],
  queryFn: async ({ signal }) =>
    (
      await call<Item[]>('GET', '/api/v1/items', {
        query: { sort: '-created_at', limit: 12 },
        signal,
      })
    ).data,
});
