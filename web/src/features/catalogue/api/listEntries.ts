import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import type { Entry } from './entry';

import { catalogueEntriesList } from '@/api';
import { type Page, pageOf } from '@/lib/http/page';

export const entriesQuery = (slug: string, q: string, set: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['entries', slug, q, set],
    queryFn: async ({ pageParam, signal }): Promise<Page<Entry>> => {
      const { data, response } = await catalogueEntriesList({
        path: { slug },
        query: { q: q === '' ? null : q, set: set ?? null, limit: 50, cursor: pageParam },
        signal,
      });
      return pageOf({ data: data as Entry[], response });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
