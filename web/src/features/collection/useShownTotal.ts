import { useQuery } from '@tanstack/react-query';

import type { ItemFilters } from './api/listItems';

import { statsQuery } from '@/lib/stats/stats';

/** How many things the filters leave, where the figures that are kept anyway say so; else null. */
export function useShownTotal({ kind, status, tag, trash }: ItemFilters): number | null {
  const stats = useQuery(statsQuery).data;
  if (stats === undefined || trash || tag !== undefined) return null;
  if (kind !== undefined && status !== undefined) return null;
  if (kind !== undefined) return stats.by_kind[kind] ?? 0;
  if (status !== undefined) return stats.by_status[status] ?? 0;
  return stats.total;
}
