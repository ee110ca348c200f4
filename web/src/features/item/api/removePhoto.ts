import type { ItemId, MediaId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const removePhoto = (id: ItemId, mediaId: MediaId) =>
  call('DELETE', `/api/v1/items/${id}/images/${mediaId}`);
