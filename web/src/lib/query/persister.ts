import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import type { InfiniteData } from '@tanstack/react-query';
import type { PersistQueryClientProviderProps } from '@tanstack/react-query-persist-client';

import { isOvertaken } from '@/lib/session/shared';
import { wasHere } from '@/lib/session/wasHere';

/** Raised when the shape of cached answers changes, so that old ones are dropped. */
const SHAPE = 'v2';

/** What a person sees at once, also without a server: first pages, kinds, the account. */
const KEPT = new Set([
  'me',
  'spaces',
  'kinds',
  'stats',
  'recent',
  'items',
  'item',
  'collections',
  'catalogues',
  'fields',
]);

/** Loaded apart, so that the first paint does not wait for the storage library. */
const kept = async () => (await import('@/lib/storage/database')).database.kept;

const storage = {
  // Another tab may have logged out a moment ago, and be about to clear this.
  getItem: async (key: string) =>
    wasHere() ? ((await (await kept()).get(key))?.value ?? null) : null,
  setItem: async (key: string, value: string) => {
    if (isOvertaken()) return;
    await (await kept()).put({ key, value });
  },
  removeItem: async (key: string) => (await kept()).delete(key),
};

/** Of a list that grows as one goes down, its beginning: all of it would be asked for at the start. */
function firstPage(data: unknown): unknown {
  const list = data as Partial<InfiniteData<unknown>> | null;
  return Array.isArray(list?.pages) && Array.isArray(list.pageParams)
    ? { pages: list.pages.slice(0, 1), pageParams: list.pageParams.slice(0, 1) }
    : data;
}

export const persistence: PersistQueryClientProviderProps['persistOptions'] = {
  persister: createAsyncStoragePersister({ storage, key: 'queries', throttleTime: 2000 }),
  buster: SHAPE,
  maxAge: 7 * 24 * 60 * 60 * 1000,
  dehydrateOptions: {
    shouldDehydrateQuery: (query) =>
      // What was once seen stays, also when asking for it anew failed.
      query.state.data !== undefined && KEPT.has(String(query.queryKey[0])),
    serializeData: firstPage,
  },
};
