import { itemsDelete } from '@/api';
import type { ItemId } from '@/lib/brand';

/** For good, and only from the trash. */
export async function deleteItem(id: ItemId): Promise<void> {
  await itemsDelete({ path: { item_id: id }, query: { permanently: true } });
}
