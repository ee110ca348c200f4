import { queryOptions } from '@tanstack/react-query';

import { authSetup } from '@/api';

/** Whether this installation has its owner yet. Public. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: async ({ signal }) => (await authSetup({ signal })).data,
  staleTime: 0,
});
