import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import { search, type SearchResultOut } from '@/api';
import type { ItemId, MediaId, Narrowed } from '@/lib/brand';
import { nextCursor } from '@/lib/http/page';

export type SearchMode = 'hybrid' | 'bm25' | 'vector';

export type SearchHit = Narrowed<
  SearchResultOut,
  { item_id: ItemId; cover_media_id: MediaId | null }
>;

/** A word of the query that next to nothing contains, and what was looked for beside it. */
export interface Widening {
  term: string;
  terms: string[];
}

export interface SearchPage {
  hits: SearchHit[];
  /** Whether less was searched than was asked. */
  degraded: boolean;
  widenings: Widening[];
  next: string | null;
}

export interface SearchAsk {
  q: string;
  mode: SearchMode;
  kind?: string | undefined;
  status?: string | undefined;
}

const PAGE = 30;

/** What the server says about the list beside the list, in a header. */
function notesOf(response: Response): Pick<SearchPage, 'degraded' | 'widenings'> {
  const notes = JSON.parse(response.headers.get('Search-Notes') ?? '{}') as {
    degraded?: string | null;
    widenings?: Widening[];
  };
  return { degraded: (notes.degraded ?? null) !== null, widenings: notes.widenings ?? [] };
}

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
        hits: data as SearchHit[],
        ...notesOf(response),
        next: nextCursor(response),
      };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled: ask.q.trim() !== '',
  });
