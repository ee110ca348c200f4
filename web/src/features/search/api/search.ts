import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { search, type SearchResultOut, type WideningOut } from '@/api';
import type { ItemId, MediaId, Narrowed } from '@/lib/brand';
import { nextCursor } from '@/lib/http/page';

export type SearchMode = 'hybrid' | 'bm25' | 'vector';

export type SearchHit = Narrowed<
  SearchResultOut,
  { item_id: ItemId; cover_media_id: MediaId | null }
>;

export interface SearchPage {
  hits: SearchHit[];
  /** Whether less was searched than was asked. */
  degraded: boolean;
  widenings: WideningOut[];
  next: string | null;
}

export interface SearchAsk {
  q: string;
  mode: SearchMode;
  kind?: string | undefined;
  status?: string | undefined;
}

const PAGE = 30;

export const searchQuery = (ask: SearchAsk) =>
  infiniteQueryOptions({
    queryKey: ['search', ask],
    queryFn: async ({ pageParam, signal }): Promise<SearchPage> => {
      const { q, mode, kind, status } = ask;
      const { data, response } = await search({
        query: {
          q,
          mode,
          kind: kind === undefined ? null : [kind],
          status: status === undefined ? null : [status],
          limit: PAGE,
          cursor: pageParam,
        },
        signal,
      });
      return {
        hits: data.results as SearchHit[],
        degraded: data.degraded !== null,
        widenings: data.widenings,
        next: nextCursor(response),
      };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled: ask.q.trim() !== '',
  });
