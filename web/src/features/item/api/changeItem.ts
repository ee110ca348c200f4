import type { FormValue } from '@/components/fields/FieldInput';
import type { Etag, ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Item } from '@/lib/wire/item';

/** Only what changed; a field set to null is blanked. */
export interface ItemChange {
  title?: string | null;
  status?: string;
  fields?: Record<string, FormValue>;
  own_fields?: Record<string, FormValue>;
}

/** Refused with 412 when the item moved on since `etag` was read. */
export async function changeItem(id: ItemId, change: ItemChange, etag: Etag | null): Promise<void> {
  await call<Item>('PATCH', `/api/v1/items/${id}`, {
    body: change,
    headers: etag === null ? {} : { 'If-Match': etag },
  });
}
