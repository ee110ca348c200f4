import { itemsRemoveImage } from '@/api';
import type { ItemId, MediaId } from '@/lib/brand';

export const removePhoto = (id: ItemId, mediaId: MediaId) =>
  itemsRemoveImage({ path: { item_id: id, media_id: mediaId } });
