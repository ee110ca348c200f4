import { queryOptions } from '@tanstack/react-query';

import { itemsList } from '@/api';
import type { ItemRow } from '@/lib/wire/item';

export const recentQuery = queryOptions({
  queryKey: ['recent'],
  queryFn: async ({ signal }) =>
    (await itemsList({ query: { sort: '-created_at', limit: 12 }, signal })).data as ItemRow[],
});
