import { infiniteQueryOptions } from '@tanstack/react-query';

import { reviewList } from '@/api';
import { type Page, pageOf } from '@/lib/http/page';
import type { Waiting } from '@/lib/wire/scan';

export const waitingQuery = infiniteQueryOptions({
  queryKey: ['review'],
  queryFn: async ({ pageParam, signal }): Promise<Page<Waiting>> => {
    const { data, response } = await reviewList({
      query: { limit: 100, cursor: pageParam },
      signal,
    });
    return pageOf({ data: data as Waiting[], response });
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
