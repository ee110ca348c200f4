import { queryOptions } from '@tanstack/react-query';

import type { Entry } from './entry';

import { catalogueEntriesGet } from '@/api';
import type { EntryId } from '@/lib/brand';

export const entryQuery = (id: EntryId) =>
  queryOptions({
    queryKey: ['entry', id],
    queryFn: async ({ signal }) =>
      (await catalogueEntriesGet({ path: { entry_id: id }, signal })).data as Entry,
  });
