import { queryOptions, skipToken } from '@tanstack/react-query';

import { itemsGet } from '@/api';
import type { ItemId } from '@/lib/brand';

/** What a find that went on the shelf is called there. */
export const itemTitleQuery = (id: ItemId | null) =>
  queryOptions({
    queryKey: ['item', id, 'title'],
    queryFn:
      id === null
        ? skipToken
        : async ({ signal }) => (await itemsGet({ path: { item_id: id }, signal })).data.title,
  });
