import { queryOptions } from '@tanstack/react-query';

import { chooseSpace } from './space';

import { type SpaceOut, spacesList } from '@/api';
import { queryClient } from '@/lib/query/client';

export type Space = SpaceOut;

/** Where the person has a seat. */
export const spacesQuery = queryOptions({
  queryKey: ['spaces'],
  queryFn: async ({ signal }) => (await spacesList({ signal })).data,
});

/** Goes over into a space; nothing that was shown of the one before stays. */
export async function enterSpace(space: Space, me: { id: string }): Promise<void> {
  chooseSpace(space.id === me.id ? null : space.id);
  queryClient.clear();
  const { database } = await import('@/lib/storage/database');
  await database.kept.clear();
  window.location.assign('/');
}
