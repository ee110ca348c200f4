import { queryOptions, useQuery } from '@tanstack/react-query';

import { itemsTrashGet } from '@/api';
import type { Instant } from '@/lib/brand';

/** How many days the trash keeps a thing; null where it keeps it for ever. */
export const trashQuery = queryOptions({
  queryKey: ['trash'],
  queryFn: async ({ signal }) => (await itemsTrashGet({ signal })).data.days,
  staleTime: 'static',
});

/** The day after which a thing is removed for good; null outside the trash, and for never. */
export function useLastDay(deletedAt: string | null): Instant | null {
  const { data: days = null } = useQuery({ ...trashQuery, enabled: deletedAt !== null });
  if (deletedAt === null || days === null) return null;
  const last = new Date(deletedAt);
  last.setUTCDate(last.getUTCDate() + days);
  return last.toISOString() as Instant;
}
