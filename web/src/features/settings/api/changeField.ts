import type { FieldId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export interface FieldChange {
  label?: string;
  position?: number;
  archived?: boolean;
}

export const changeField = (id: FieldId, change: FieldChange) =>
  call('PATCH', `/api/v1/fields/${id}`, { body: change });
