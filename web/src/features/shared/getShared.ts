import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { sharedGet, sharedItems, type SharedOut, type ShownItemOut } from '@/api';
import { pageOf } from '@/lib/http/page';

export type Shared = SharedOut;
export type ShownItem = ShownItemOut;

/**
 * Every question counts as a view: coming back to the window asks nothing anew before the key and
 * the addresses of the pictures end.
 */
const staleTime = 50 * 60_000;

/** What a link shows. With a password the answer carries a key, good for an hour. */
export const sharedQuery = (token: string, password: string | null) =>
  queryOptions({
    queryKey: ['shared', token, password],
    queryFn: async ({ signal }) =>
      (
        await sharedGet({
          path: { token },
          ...(password !== null && { headers: { 'x-share-password': password } }),
          signal,
        })
      ).data,
    retry: false,
    staleTime,
    gcTime: 0,
  });

export const sharedItemsQuery = (token: string, key: string | null) =>
  infiniteQueryOptions({
    queryKey: ['shared', token, 'items', key],
    queryFn: async ({ pageParam, signal }) =>
      pageOf(await sharedItems({ path: { token }, query: { key, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime,
    gcTime: 0,
  });
