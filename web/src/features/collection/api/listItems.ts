import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { type Page, pageOf } from '@/lib/http/page';
import { call } from '@/lib/http/verbs';
import type { Item } from '@/lib/wire/item';

export interface ItemFilters {
  kind?: string | undefined;
  status?: string | undefined;
  sort: string;
  trash: boolean;
}

const PAGE = 60;

export const itemsQuery = (filters: ItemFilters) =>
  infiniteQueryOptions({
    queryKey: ['items', filters],
    queryFn: async ({ pageParam, signal }): Promise<Page<Item>> => {
      const { kind, status, sort, trash } = filters;
      const query = {
        kind,
        status,
        sort,
        trashed: trash ? true : undefined,
        limit: PAGE,
        cursor: pageParam,
      };
      const { data, response } = await call<Item[]>('GET', '/api/v1/items', { query, signal });
      return pageOf(data, response);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
