import type { KindOut } from '@/api';
import type { Narrowed } from '@/lib/brand';

export type FieldType =
  | 'text'
  | 'long_text'
  | 'integer'
  | 'decimal'
  | 'boolean'
  | 'year'
  | 'date'
  | 'choice'
  | 'list'
  | 'url';

export interface Term {
  value: string;
  label: string;
}

export interface Field {
  name: string;
  type: FieldType;
  label: string;
  group: string;
  required: boolean;
  filterable: boolean;
  minimum: number | null;
  maximum: number | null;
  step: number | null;
  unit: string | null;
  vocabulary: { terms: Term[] } | null;
}

/** What can be collected, as the server declares it; forms are made from it. */
export type Kind = Narrowed<
  Pick<KindOut, 'name' | 'label' | 'collection_path'>,
  { fields: Field[] }
>;
