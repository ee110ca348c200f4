import { queryOptions } from '@tanstack/react-query';

import type { Etag, ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Item } from '@/lib/wire/item';

export interface Versioned {
  item: Item;
  etag: Etag | null;
}

export async function getItem(id: ItemId, signal?: AbortSignal): Promise<Versioned> {
  const { data, response } = await call<Item>('GET', `/api/v1/items/${id}`, { signal });
  return { item: data, etag: response.headers.get('ETag') as Etag | null };
}

export const itemQuery = (id: ItemId) =>
  queryOptions({ queryKey: ['item', id], queryFn: ({ signal }) => getItem(id, signal) });
