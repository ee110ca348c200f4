import type { EntryId } from '@/lib/brand';
import type { FieldValue } from '@/lib/wire/item';

export interface Entry {
  id: EntryId;
  /** Slug of its catalogue; null for a space's own entry. */
  catalogue: string | null;
  kind: string;
  title: string;
  subtitle: string | null;
  /** By language. */
  names: Record<string, string>;
  fields: Record<string, FieldValue>;
  external_ids: Record<string, unknown>;
  variants: unknown[];
  /** Whether a correction of this space lies over it. */
  overridden?: boolean;
  image_url: string | null;
}
