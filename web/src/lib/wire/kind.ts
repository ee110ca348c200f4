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
export interface Kind {
  name: string;
  label: string;
  collection_path: string;
  fields: Field[];
  identifiers: { scheme: string; label: string; parts: string[] }[];
  title_template: string;
}
