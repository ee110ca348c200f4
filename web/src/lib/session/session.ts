import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';

import { call } from '@/lib/http/verbs';

export interface Me {
  id: string;
  email: string;
  display_name: string | null;
  space_id: string;
  is_admin: boolean;
  preferences: Record<string, unknown>;
  version: number;
}

/** Who is logged in. Shared by every room, so it lives beside them. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => (await call<Me>('GET', '/api/v1/me', { signal })).data,
  staleTime: 5 * 60_000,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}
