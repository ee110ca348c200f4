import type { EntryId, FieldId, Instant, ItemId, MediaId, Pixels } from '@/lib/brand';

export type FieldValue = string | number | boolean | string[];

/** A photo with its smaller copies; addresses are of this server and need the session's cookie. */
export interface Picture {
  media_id: MediaId;
  width: Pixels | null;
  height: Pixels | null;
  placeholder: string | null;
  urls: Partial<Record<'128' | '256' | '512' | 'display' | 'original', string>>;
}

export interface Item {
  id: ItemId;
  kind: string;
  title: string;
  subtitle: string | null;
  status: string;
  fields: Record<string, FieldValue>;
  own_fields: Record<FieldId, FieldValue>;
  catalogue_entry_id: EntryId | null;
  cover: Picture | null;
  images: Picture[];
  created_at: Instant;
  updated_at: Instant;
  deleted_at: Instant | null;
  version: number;
}
