import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';

import type { ItemId } from '@/lib/brand';
import { nextCursor } from '@/lib/http/page';
import { call } from '@/lib/http/verbs';
import type { Picture } from '@/lib/wire/item';

export type SearchMode = 'hybrid' | 'bm25' | 'vector';

export interface SearchHit {
  item_id: ItemId;
  kind: string;
  status: string;
  title: string;
  subtitle: string | null;
  cover: Picture | null;
  /** HTML of the server's making: escaped text with matches in `<mark>`. */
  highlights: { field: string; html: string }[];
}

export interface SearchPage {
  hits: SearchHit[];
  /** Why less was searched than was asked; null when all was. */
  degraded: string | null;
  next: string | null;
}

export interface SearchAsk {
  q: string;
  mode: SearchMode;
  kind?: string | undefined;
  status?: string | undefined;
}

export const searchQuery = (ask: SearchAsk) =>
  infiniteQueryOptions({
    queryKey: ['search', ask],
    queryFn: async ({ pageParam, signal }): Promise<SearchPage> => {
      const { data, response } = await call<SearchHit[]>('GET', '/api/v1/search', {
        query: { ...ask, limit: 30, cursor: pageParam },
        signal,
      });
      return {
        hits: data,
        degraded: response.headers.get('X-Search-Degraded'),
        next: nextCursor(response.headers.get('Link')),
      };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled: ask.q.trim() !== '',
  });
