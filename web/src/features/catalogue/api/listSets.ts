import { queryOptions } from '@tanstack/react-query';

import { catalogueSetsList } from '@/api';

export const setsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['catalogue', slug, 'sets'],
    queryFn: async ({ signal }) => (await catalogueSetsList({ path: { slug }, signal })).data,
    staleTime: 10 * 60_000,
  });
