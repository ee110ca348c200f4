import { useQuery } from '@tanstack/react-query';

import { type Shelf, shelvesQuery } from './shelves';

import { useMe } from '@/lib/session/session';
import { spacesQuery } from '@/lib/session/spaces';

/** The collections that a guest of the space was let into; nothing for a member. */
export function useGuestShelves(): Shelf[] {
  const me = useMe();
  const granted =
    useQuery(spacesQuery).data?.find(({ id }) => id === me.space_id)?.collections ?? [];
  const shelves = useQuery({ ...shelvesQuery, enabled: granted.length > 1 }).data ?? [];
  return shelves.filter(({ id }) => granted.includes(id));
}
