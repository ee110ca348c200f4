import type { ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const restoreItem = (id: ItemId) => call('POST', `/api/v1/items/${id}/restore`);
