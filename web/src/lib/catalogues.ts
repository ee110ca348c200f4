import { queryOptions } from '@tanstack/react-query';

import { cataloguesList } from '@/api';

export const cataloguesQuery = queryOptions({
  queryKey: ['catalogues'],
  queryFn: async ({ signal }) => (await cataloguesList({ signal })).data,
});
