import type { ItemChange } from '../api/changeItem';

import type { FormValue } from '@/components/fields/FieldInput';
import type { Item } from '@/lib/wire/item';

export interface RecordValues {
  title: string;
  tags: string[];
  notes: string;
  quantity: number;
  fields: Record<string, FormValue>;
  own_fields: Record<string, FormValue>;
}

export const valuesOf = (item: Item): RecordValues => ({
  title: item.title,
  tags: item.tags,
  notes: item.notes,
  quantity: item.quantity,
  fields: { ...item.fields },
  own_fields: { ...item.own_fields },
});

/** Only what a person changed goes to the server, so that two people may edit different fields. */
export function difference(before: RecordValues, after: RecordValues): ItemChange {
  const change: ItemChange = {};
  if (before.title !== after.title)
    change.title = after.title.trim() === '' ? null : after.title.trim();
  if (!same(before.tags, after.tags)) change.tags = after.tags;
  if (before.notes !== after.notes) change.notes = after.notes.trim();
  if (before.quantity !== after.quantity) change.quantity = after.quantity;
  const fields = changed(before.fields, after.fields);
  const own = changed(before.own_fields, after.own_fields);
  if (Object.keys(fields).length > 0) change.fields = fields;
  if (Object.keys(own).length > 0) change.own_fields = own;
  return change;
}

function changed(
  before: Record<string, FormValue>,
  after: Record<string, FormValue>,
): Record<string, FormValue> {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !same(before[name] ?? null, value)),
  );
}

export function same(one: FormValue, other: FormValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export interface Clash {
  name: string;
  theirs: FormValue;
  mine: FormValue;
}

/** Fields that both sides changed, to different values. */
export function clashes(base: RecordValues, theirs: RecordValues, mine: RecordValues): Clash[] {
  const found: Clash[] = [];
  const look = (name: string, was: FormValue, there: FormValue, here: FormValue) => {
    if (!same(was, there) && !same(was, here) && !same(there, here))
      found.push({ name, theirs: there, mine: here });
  };
  look('title', base.title, theirs.title, mine.title);
  look('tags', base.tags, theirs.tags, mine.tags);
  look('notes', base.notes, theirs.notes, mine.notes);
  look('quantity', base.quantity, theirs.quantity, mine.quantity);
  for (const part of ['fields', 'own_fields'] as const) {
    for (const name of Object.keys(mine[part])) {
      look(name, base[part][name] ?? null, theirs[part][name] ?? null, mine[part][name] ?? null);
    }
  }
  return found;
}
