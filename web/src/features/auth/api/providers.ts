import { queryOptions } from '@tanstack/react-query';

import { authProviders } from '@/api';

/** Other places that can log people in here. Public. */
export const providersQuery = queryOptions({
  queryKey: ['providers'],
  queryFn: async ({ signal }) => (await authProviders({ signal })).data,
});
