import { queryOptions } from '@tanstack/react-query';

import type { Instant, ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { FieldValue } from '@/lib/wire/item';

export interface HistoryEntry {
  at: Instant;
  actor: string | null;
  action: string;
  changes: { field: string; before: FieldValue | null; after: FieldValue | null }[];
}

export const historyQuery = (id: ItemId) =>
  queryOptions({
    queryKey: ['item', id, 'history'],
    queryFn: async ({ signal }) =>
      (await call<HistoryEntry[]>('GET', `/api/v1/items/${id}/history`, { signal })).data,
  });
