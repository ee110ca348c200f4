import { queryOptions, useQuery } from '@tanstack/react-query';

import { fieldsList, type OwnFieldOut } from '@/api';
import type { FieldId, Narrowed } from '@/lib/brand';
import type { Field, FieldType } from '@/lib/wire/kind';

export type OwnFieldType = Extract<
  FieldType,
  'text' | 'integer' | 'decimal' | 'date' | 'boolean' | 'choice'
>;

/** A field that the collector made; `kind` null means that everything has it. */
export type OwnField = Narrowed<OwnFieldOut, { id: FieldId; type: OwnFieldType }>;

export const ownFieldsQuery = queryOptions({
  queryKey: ['fields'],
  queryFn: async ({ signal }) => (await fieldsList({ signal })).data as OwnField[],
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
