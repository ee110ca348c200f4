import type { ItemOut, ItemSummary, PictureOut } from '@/api';
import type { EntryId, Instant, ItemId, MediaId, Narrowed, Pixels } from '@/lib/brand';

export type FieldValue = string | number | boolean | string[];

/** A photo with its smaller copies; addresses are of this server and need the session's cookie. */
export type Picture = Narrowed<
  PictureOut,
  { media_id: MediaId; width: Pixels | null; height: Pixels | null }
>;

/** As much of a picture as drawing it needs. */
export type Drawable = Pick<Picture, 'media_id' | 'width' | 'height' | 'placeholder' | 'urls'>;

interface Exact {
  id: ItemId;
  fields: Record<string, FieldValue>;
  own_fields: Record<string, FieldValue>;
  catalogue_entry_id: EntryId | null;
  cover: Picture | null;
  created_at: Instant;
  updated_at: Instant;
  deleted_at: Instant | null;
}

/** An item in a list, with its cover. */
export type ItemRow = Narrowed<ItemSummary, Exact>;

/** An item with all that belongs to it. */
export type Item = Narrowed<ItemOut, Exact & { images: Picture[] }>;

/** The picture of a medium of which only the id is known. */
export function pictureOf(mediaId: MediaId): Drawable {
  const address = (variant: string) => `/api/v1/media/${mediaId}/${variant}`;
  return {
    media_id: mediaId,
    width: null,
    height: null,
    placeholder: null,
    urls: { '128': address('128'), '256': address('256'), '512': address('512') },
  };
}
