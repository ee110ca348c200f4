import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import {
  adminSpacesList,
  type QuotaIn,
  quotasGet,
  quotasSet,
  type SpaceLineOut,
  type UsageOut,
} from '@/api';
import { pageOf } from '@/lib/http/page';

export type SpaceLine = SpaceLineOut;
export type Usage = UsageOut;
export type Quota = QuotaIn;

const SPACES = 'all-spaces';

export const spacesQuery = (q: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [SPACES, 'list', q],
    queryFn: async ({ pageParam, signal }) =>
      pageOf(await adminSpacesList({ query: { q, limit: 30, cursor: pageParam }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** Some spaces by their ids. */
export const someSpacesQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: [SPACES, 'some', ids],
    queryFn: async ({ signal }) =>
      (await adminSpacesList({ query: { id: [...ids], limit: 200 }, signal })).data,
    enabled: ids.length > 0,
  });

export const quotaQuery = (id: string) =>
  queryOptions({
    queryKey: ['quota', id],
    queryFn: async ({ signal }) => (await quotasGet({ path: { space_id: id }, signal })).data,
  });

export const setQuota = ({ id, quota }: { id: string; quota: Quota }) =>
  quotasSet({ path: { space_id: id }, body: quota });
