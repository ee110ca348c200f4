import { fieldsUpdate, type OwnFieldPatch } from '@/api';
import type { FieldId } from '@/lib/brand';

export type FieldChange = OwnFieldPatch;

export const changeField = (id: FieldId, change: FieldChange) =>
  fieldsUpdate({ path: { field_id: id }, body: change });
