import type { ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

/** For good, and only from the trash. */
export const deleteItem = (id: ItemId) =>
  call('DELETE', `/api/v1/items/${id}`, { query: { permanently: true } });
