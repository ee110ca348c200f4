import { queryOptions } from '@tanstack/react-query';

import { itemsGet } from '@/api';
import type { Etag, ItemId } from '@/lib/brand';
import type { Item } from '@/lib/wire/item';

export interface Versioned {
  item: Item;
  etag: Etag | null;
}

export async function getItem(id: ItemId, signal?: AbortSignal): Promise<Versioned> {
  const { data, response } = await itemsGet({ path: { item_id: id }, signal });
  return { item: data as Item, etag: response.headers.get('ETag') as Etag | null };
}

export const itemQuery = (id: ItemId) =>
  queryOptions({ queryKey: ['item', id], queryFn: ({ signal }) => getItem(id, signal) });
