import { infiniteQueryOptions } from '@tanstack/react-query';

import { scansList, type ScanSummaryOut } from '@/api';
import type { Instant, Narrowed, ScanId } from '@/lib/brand';
import { type Page, pageOf } from '@/lib/http/page';
import type { ScanPhoto } from '@/lib/wire/scan';

export type ScanRow = Narrowed<
  ScanSummaryOut,
  { id: ScanId; created_at: Instant; photos: ScanPhoto[] }
>;

export const scansQuery = infiniteQueryOptions({
  queryKey: ['scans'],
  queryFn: async ({ pageParam, signal }): Promise<Page<ScanRow>> => {
    const { data, response } = await scansList({ query: { limit: 30, cursor: pageParam }, signal });
    return pageOf({ data: data as ScanRow[], response });
  },
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
