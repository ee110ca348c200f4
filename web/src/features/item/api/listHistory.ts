import { queryOptions } from '@tanstack/react-query';

import { type ChangeOut, type HistoryOut, itemsHistory } from '@/api';
import type { Instant, ItemId, Narrowed } from '@/lib/brand';
import type { FieldValue } from '@/lib/wire/item';

type Change = Narrowed<ChangeOut, { before: FieldValue | null; after: FieldValue | null }>;

export type HistoryEntry = Narrowed<HistoryOut, { at: Instant; changes: Change[] }>;

export const historyQuery = (id: ItemId) =>
  queryOptions({
    queryKey: ['item', id, 'history'],
    queryFn: async ({ signal }) =>
      (await itemsHistory({ path: { item_id: id }, signal })).data as HistoryEntry[],
  });
