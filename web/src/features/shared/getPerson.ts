import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { peopleGet, peopleItems, type PersonOut } from '@/api';
import { pageOf } from '@/lib/http/page';

export type Person = PersonOut & {
  /** What search engines are told, where they are to leave the page alone. */
  robots: string | null;
};

/** Somebody's public page. */
export const personQuery = (handle: string) =>
  queryOptions({
    queryKey: ['person', handle],
    queryFn: async ({ signal }): Promise<Person> => {
      const { data, response } = await peopleGet({ path: { handle }, signal });
      return { ...data, robots: response.headers.get('X-Robots-Tag') };
    },
    retry: false,
  });

export const personItemsQuery = (handle: string, collectionId: string) =>
  infiniteQueryOptions({
    queryKey: ['person', handle, collectionId],
    queryFn: async ({ pageParam, signal }) =>
      pageOf(
        await peopleItems({
          path: { handle, collection_id: collectionId },
          query: { cursor: pageParam },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
