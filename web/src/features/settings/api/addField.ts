import { call } from '@/lib/http/verbs';
import type { OwnField, OwnFieldType } from '@/lib/ownFields/ownFields';

export interface NewField {
  label: string;
  type: OwnFieldType;
  kind: string | null;
  choices: string[];
}

export async function addField(field: NewField): Promise<OwnField> {
  return (await call<OwnField>('POST', '/api/v1/fields', { body: field })).data;
}
