import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { itemsList } from '@/api';
import { type Page, pageOf } from '@/lib/http/page';
import type { ItemRow } from '@/lib/wire/item';

export interface ItemFilters {
  kind?: string | undefined;
  status?: string | undefined;
  tag?: string | undefined;
  /** Only what this named collection holds. */
  collection?: string | undefined;
  sort: string;
  trash: boolean;
}

const PAGE = 60;

const some = (value: string | undefined) => (value === undefined ? undefined : [value]);

export const itemsQuery = (filters: ItemFilters) =>
  infiniteQueryOptions({
    queryKey: ['items', filters],
    queryFn: async ({ pageParam, signal }): Promise<Page<ItemRow>> => {
      const { kind, status, tag, collection, sort, trash } = filters;
      const answer = await itemsList({
        query: {
          kind: some(kind),
          status: some(status),
          tag: some(tag),
          collection: some(collection),
          sort,
          trashed: trash,
          limit: PAGE,
          cursor: pageParam,
        },
        signal,
      });
      return pageOf({ data: answer.data as ItemRow[], response: answer.response });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
