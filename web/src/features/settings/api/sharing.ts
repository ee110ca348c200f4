import { queryOptions } from '@tanstack/react-query';

import {
  collectionsCreate,
  collectionsDelete,
  collectionsList,
  type ShareInWritable,
  sharesCreate,
  sharesList,
  sharesRevoke,
} from '@/api';

export const sharesQuery = queryOptions({
  queryKey: ['shares'],
  queryFn: async ({ signal }) => (await sharesList({ signal })).data,
});

export type NewShare = ShareInWritable;

/** Gives the address, which is not to be had again. */
export async function makeShare(share: NewShare): Promise<string> {
  const { data } = await sharesCreate({ body: share });
  return `${window.location.origin}${data.path ?? ''}`;
}

export const revokeShare = (id: string) => sharesRevoke({ path: { share_id: id } });

export const shelvesQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: async ({ signal }) => (await collectionsList({ signal })).data,
});

export const makeShelf = (name: string) => collectionsCreate({ body: { name } });

export const deleteShelf = (id: string) => collectionsDelete({ path: { collection_id: id } });
