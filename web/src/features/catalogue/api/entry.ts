import type { EntryOut } from '@/api';
import type { EntryId, Narrowed } from '@/lib/brand';
import type { FieldValue } from '@/lib/wire/item';

export type Entry = Narrowed<EntryOut, { id: EntryId; fields: Record<string, FieldValue> }>;
