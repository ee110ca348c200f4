import { fieldsCreate } from '@/api';
import type { OwnFieldType } from '@/lib/ownFields/ownFields';

export interface NewField {
  label: string;
  type: OwnFieldType;
  kind: string | null;
  choices: string[];
}

export const addField = (field: NewField) => fieldsCreate({ body: field });
