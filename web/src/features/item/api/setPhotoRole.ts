import { itemsSetImageRole } from '@/api';
import type { ItemId, MediaId } from '@/lib/brand';

export const setPhotoRole = (id: ItemId, mediaId: MediaId, role: string) =>
  itemsSetImageRole({ path: { item_id: id, media_id: mediaId }, body: { role } });
