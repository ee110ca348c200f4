import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';

import { noticeBeingHere } from './wasHere';

import { meGet, type MeOut } from '@/api';

export type Me = MeOut;

/** Who is logged in. Shared by every room, so it lives beside them. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me> => {
    const { data } = await meGet({ signal });
    noticeBeingHere(data.id);
    return data;
  },
  staleTime: 5 * 60_000,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}
