import type { ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const trashItem = (id: ItemId) => call('DELETE', `/api/v1/items/${id}`);
