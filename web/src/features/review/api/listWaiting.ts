import { infiniteQueryOptions } from '@tanstack/react-query';

import { type Page, pageOf } from '@/lib/http/page';
import { call } from '@/lib/http/verbs';
import type { Waiting } from '@/lib/wire/scan';

export const waitingQuery = infiniteQueryOptions({
  queryKey: ['review'],
  queryFn: async ({ pageParam, signal }): Promise<Page<Waiting>> => {
    const { data, response } = await call<Waiting[]>('GET', '/api/v1/review', {
      query: { limit: 100, cursor: pageParam },
      signal,
    });
    return pageOf(data, response);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
