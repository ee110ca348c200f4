import { queryOptions } from '@tanstack/react-query';

import { call } from '@/lib/http/verbs';

interface Setup {
  has_owner: boolean;
  registration_open: boolean;
}

/** Whether this installation has its owner yet. Public. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => (await call<Setup>('GET', '/api/v1/auth/setup', { signal })).data,
  staleTime: 0,
});
