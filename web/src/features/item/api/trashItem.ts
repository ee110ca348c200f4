import { itemsDelete } from '@/api';
import type { ItemId } from '@/lib/brand';

export const trashItem = (id: ItemId) => itemsDelete({ path: { item_id: id } });
