import { queryOptions } from '@tanstack/react-query';

import type { Entry } from './entry';

import { catalogueOverridesList } from '@/api';

/** Entries that the person added, and those that they corrected. */
export const ownEntriesQuery = queryOptions({
  queryKey: ['entries', 'own'],
  queryFn: async ({ signal }) => (await catalogueOverridesList({ signal })).data as Entry[],
});
