import { catalogueEntriesGet, identify } from '@/api';
import { queryOptions } from '@tanstack/react-query';
import type { EntryId } from '@/lib/brand';
import type { Candidate } from '@/lib/wire/scan';

/** What a typed number or title may be, the likeliest first. */
export async function lookUp(kind: string, text: string): Promise<Candidate[]> {
  const { data } = await identify({ body: { kind, text, limit: 6 } });
  return data.candidates as Candidate[];
}

export const entryQuery = (id: EntryId) =>
  queryOptions({
    queryKey: ['entry', id],
    queryFn: async ({ signal }) =>
      (await catalogueEntriesGet({ path: { entry_id: id }, signal })).data,
  });
