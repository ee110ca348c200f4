import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import type { Entry } from './entry';

import { type Page, pageOf } from '@/lib/http/page';
import { call } from '@/lib/http/verbs';

export const entriesQuery = (catalogue: string, q: string) =>
  infiniteQueryOptions({
    queryKey: ['entries', catalogue, q],
    queryFn: async ({ pageParam, signal }): Promise<Page<Entry>> => {
      const { data, response } = await call<Entry[]>('GET', '/api/v1/catalogue/entries', {
        query: { catalogue, q, limit: 50, cursor: pageParam },
        signal,
      });
      return pageOf(data, response);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
