import { itemsOrderImages } from '@/api';
import type { ItemId, MediaId } from '@/lib/brand';

/** The first one becomes the picture that lists show. */
export const orderPhotos = (id: ItemId, order: MediaId[]) =>
  itemsOrderImages({ path: { item_id: id }, body: order });
