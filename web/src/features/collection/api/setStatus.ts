import type { ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const setStatus = (id: ItemId, status: string) =>
  call('PATCH', `/api/v1/items/${id}`, { body: { status } });
