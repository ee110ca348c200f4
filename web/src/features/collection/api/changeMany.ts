import { type BulkIn, itemsBulk } from '@/api';
import type { ItemId } from '@/lib/brand';

/** The most that the server takes in one go. */
const MOST = 500;

export type ManyChange = Pick<BulkIn, 'action' | 'status' | 'add_tags'>;

/** The same act on many items; each group of five hundred happens whole or not at all. */
export async function changeMany(ids: readonly ItemId[], change: ManyChange): Promise<void> {
  for (let at = 0; at < ids.length; at += MOST) {
    await itemsBulk({ body: { ...change, ids: ids.slice(at, at + MOST) } });
  }
}
