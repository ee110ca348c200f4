import type { FormValue } from '@/components/fields/FieldInput';
import { call } from '@/lib/http/verbs';
import type { Item } from '@/lib/wire/item';

export interface NewItem {
  kind: string;
  status: string;
  fields: Record<string, FormValue>;
  own_fields: Record<string, FormValue>;
  catalogue_entry_id?: string;
}

/** The key makes a second press of the button, or a retry, the same create. */
export async function createItem({ key, ...item }: NewItem & { key: string }): Promise<Item> {
  const { data } = await call<Item>('POST', '/api/v1/items', {
    body: item,
    headers: { 'Idempotency-Key': key },
  });
  return data;
}
