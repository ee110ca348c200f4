import { type ItemPatch, itemsUpdate } from '@/api';
import type { Etag, ItemId } from '@/lib/brand';

/** Only what changed; a field set to null is blanked. */
export type ItemChange = ItemPatch;

/** Refused with 412 when the item moved on since `etag` was read. */
export async function changeItem(id: ItemId, change: ItemChange, etag: Etag | null): Promise<void> {
  await itemsUpdate({ path: { item_id: id }, body: change, headers: { 'If-Match': etag } });
}
