import { itemsRestore } from '@/api';
import type { ItemId } from '@/lib/brand';

export const restoreItem = (id: ItemId) => itemsRestore({ path: { item_id: id } });
