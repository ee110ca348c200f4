import { queryOptions } from '@tanstack/react-query';

import {
  collectionsAddItems,
  collectionsCreate,
  collectionsDelete,
  collectionsGet,
  collectionsList,
  collectionsRemoveItems,
  collectionsUpdate,
  type ShelfIn,
  type ShelfOut,
  type ShelfPatch,
} from '@/api';
import type { Brand, ItemId, MediaId, Narrowed } from '@/lib/brand';
import { groupsOf } from '@/lib/groupsOf';
import { inTurns } from '@/lib/inTurns';

export type ShelfId = Brand<string, 'shelf'>;

/** Who sees a collection, the closest first. */
export const visibilities = ['private', 'space', 'public'] as const;
export type Visibility = (typeof visibilities)[number];

/** A named collection. */
export type Shelf = Narrowed<
  ShelfOut,
  { id: ShelfId; visibility: Visibility; cover_media_id: MediaId | null }
>;

/** The most that the server takes in one go. */
const MOST = 500;

export const shelvesQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: async ({ signal }) => (await collectionsList({ signal })).data as Shelf[],
});

export const shelfQuery = (id: ShelfId) =>
  queryOptions({
    queryKey: ['collections', id],
    queryFn: async ({ signal }) =>
      (await collectionsGet({ path: { collection_id: id }, signal })).data as Shelf,
  });

export const makeShelf = async (draft: ShelfIn): Promise<Shelf> =>
  (await collectionsCreate({ body: draft })).data as Shelf;

/** Refused when somebody else changed it since it was read. */
export const changeShelf = async ({
  shelf,
  change,
}: {
  shelf: Pick<Shelf, 'id' | 'version'>;
  change: ShelfPatch;
}): Promise<Shelf> => {
  const { data } = await collectionsUpdate({
    path: { collection_id: shelf.id },
    headers: { 'If-Match': `W/"${shelf.version}"` },
    body: change,
  });
  return data as Shelf;
};

/** Takes the places that these collections have, in the order given. */
export const placesOf = (order: readonly Shelf[]): readonly [Shelf, number][] => {
  const places = order.map(({ position }) => position).sort((one, other) => one - other);
  let least = 0;
  return order.flatMap((shelf, at): [Shelf, number][] => {
    const place = Math.max(least, places[at] ?? 0);
    least = place + 1;
    return place === shelf.position ? [] : [[shelf, place]];
  });
};

export const orderShelves = (order: readonly Shelf[]) =>
  inTurns(placesOf(order), ([shelf, position]) => changeShelf({ shelf, change: { position } }));

export const deleteShelf = (id: ShelfId) => collectionsDelete({ path: { collection_id: id } });

export interface Move {
  shelf: Pick<Shelf, 'id' | 'name' | 'visibility'>;
  ids: readonly ItemId[];
}

/** How many were not in it before. */
export const putIn = ({ shelf, ids }: Move): Promise<number> =>
  inGroups(ids, (item_ids) =>
    collectionsAddItems({ path: { collection_id: shelf.id }, body: { item_ids } }),
  );

/** How many were in it. */
export const takeOut = ({ shelf, ids }: Move): Promise<number> =>
  inGroups(ids, (item_ids) =>
    collectionsRemoveItems({ path: { collection_id: shelf.id }, body: { item_ids } }),
  );

async function inGroups(
  ids: readonly ItemId[],
  send: (group: ItemId[]) => Promise<{ data: { changed: number } }>,
): Promise<number> {
  let changed = 0;
  for (const group of groupsOf(ids, MOST)) {
    const { data } = await send(group);
    changed += data.changed;
  }
  return changed;
}
