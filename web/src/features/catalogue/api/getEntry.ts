import { queryOptions } from '@tanstack/react-query';

import type { Entry } from './entry';

import type { EntryId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const entryQuery = (id: EntryId) =>
  queryOptions({
    queryKey: ['entry', id],
    queryFn: async ({ signal }) =>
      (await call<Entry>('GET', `/api/v1/catalogue/entries/${id}`, { signal })).data,
  });
