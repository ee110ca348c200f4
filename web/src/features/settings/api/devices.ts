import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { meLoginsList, meSessionsEnd, meSessionsEndOthers, meSessionsList } from '@/api';
import { pageOf } from '@/lib/http/page';

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: async ({ signal }) => (await meSessionsList({ signal })).data,
});

export const endDevice = (id: string) => meSessionsEnd({ path: { session_id: id } });

export const endOthers = async (): Promise<number> => (await meSessionsEndOthers()).data.ended;

export const loginsQuery = infiniteQueryOptions({
  queryKey: ['logins'],
  queryFn: async ({ pageParam, signal }) =>
    pageOf(await meLoginsList({ query: { limit: 20, cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});
