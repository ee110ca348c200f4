import { queryOptions, useQuery } from '@tanstack/react-query';

import type { FieldId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Field, FieldType } from '@/lib/wire/kind';

export type OwnFieldType = Extract<
  FieldType,
  'text' | 'integer' | 'decimal' | 'date' | 'boolean' | 'choice'
>;

/** A field that the collector made; `kind` null means that everything has it. */
export interface OwnField {
  id: FieldId;
  kind: string | null;
  name: string;
  label: string;
  type: OwnFieldType;
  choices: string[];
  required: boolean;
  position: number;
  version: number;
}

export const ownFieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async ({ signal }) => (await call<OwnField[]>('GET', '/api/v1/fields', { signal })).data,
});

const none: OwnField[] = [];

/** The collector's fields of a kind, in the shape that forms know. */
export function useOwnFields(kind: string | undefined): Field[] {
  const all = useQuery(ownFieldsQuery).data ?? none;
  return all.filter((field) => field.kind === null || field.kind === kind).map(asField);
}

function asField({ name, label, type, choices, required }: OwnField): Field {
  return {
    name,
    label,
    type,
    required,
    group: 'own',
    filterable: true,
    minimum: null,
    maximum: null,
    step: null,
    unit: null,
    vocabulary:
      type === 'choice' ? { terms: choices.map((value) => ({ value, label: value })) } : null,
  };
}
