import { itemsCreate } from '@/api';
import type { FormValue } from '@/components/fields/FieldInput';
import type { ItemId } from '@/lib/brand';
import type { ShelfId } from '@/lib/shelves/shelves';

export interface NewItem {
  kind: string;
  status: string;
  tags: string[];
  notes: string;
  quantity: number;
  fields: Record<string, FormValue>;
  own_fields: Record<string, FormValue>;
  /** Named collections that it enters. */
  collections?: ShelfId[];
  catalogue_entry_id?: string;
}

/** The key makes a second press of the button, or a retry, the same create. */
export async function createItem(item: NewItem, key: string): Promise<ItemId> {
  const { data } = await itemsCreate({ body: item, headers: { 'Idempotency-Key': key } });
  return data.id as ItemId;
}
