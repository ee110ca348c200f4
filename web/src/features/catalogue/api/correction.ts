import {
  catalogueEntriesCreate,
  catalogueOverridesDelete,
  catalogueOverridesGet,
  catalogueOverridesPut,
  type ChangeIn,
} from '@/api';
import type { FormValue } from '@/components/fields/FieldInput';
import type { EntryId } from '@/lib/brand';
import { ApiProblem } from '@/lib/http/problem';

export interface Correction {
  title: string;
  fields: Record<string, FormValue>;
  note: string;
}

/** What the person says differently of an entry; nothing at all when they never corrected it. */
export async function getCorrection(id: EntryId): Promise<Correction> {
  try {
    const { data } = await catalogueOverridesGet({ path: { entry_id: id } });
    return { ...data, title: data.title ?? '', fields: data.fields as Correction['fields'] };
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404)
      return { title: '', fields: {}, note: '' };
    throw error;
  }
}

/** Fields that hold nothing are not said at all: the catalogue's own value stands. */
const bodyOf = ({ title, fields, note }: Correction): ChangeIn => ({
  title: title.trim() === '' ? null : title.trim(),
  fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  note: note.trim(),
});

export const putCorrection = (id: EntryId, correction: Correction, version: number | null) =>
  catalogueOverridesPut({
    path: { entry_id: id },
    body: bodyOf(correction),
    headers: version === null ? {} : { 'If-Match': `W/"${version}"` },
  });

/** Takes a correction back, or deletes an entry of one's own. */
export const removeCorrection = (id: EntryId) =>
  catalogueOverridesDelete({ path: { entry_id: id } });

export async function createEntry(
  entry: Correction & { kind: string },
  key: string,
): Promise<EntryId> {
  const { data } = await catalogueEntriesCreate({
    body: { kind: entry.kind, ...bodyOf(entry) },
    headers: { 'Idempotency-Key': key },
  });
  return data.id as EntryId;
}
