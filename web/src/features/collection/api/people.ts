import { queryOptions } from '@tanstack/react-query';

import {
  collectionInvitationsCreate,
  type GrantIn,
  grantsList,
  grantsRevoke,
  grantsSet,
  type MemberOut,
  membersList,
  spaceInvitationsList,
  spaceInvitationsRevoke,
} from '@/api';
import type { ShelfId } from '@/lib/shelves/shelves';

export type Person = MemberOut;

/** What somebody may do, the least first. */
export const roles = ['viewer', 'editor', 'owner'] as const;

/** Who was let into a collection; refused to those who do not decide about it. */
export const grantsQuery = (shelf: ShelfId) =>
  queryOptions({
    queryKey: ['grants', shelf],
    queryFn: async ({ signal }) =>
      (await grantsList({ path: { collection_id: shelf }, signal })).data,
    retry: false,
  });

export interface Grant extends GrantIn {
  shelf: ShelfId;
  person: string;
}

export const setGrant = ({ shelf, person, ...grant }: Grant) =>
  grantsSet({ path: { collection_id: shelf, user_id: person }, body: grant });

export const revokeGrant = ({ shelf, person }: Pick<Grant, 'shelf' | 'person'>) =>
  grantsRevoke({ path: { collection_id: shelf, user_id: person } });

export const membersQuery = (space: string) =>
  queryOptions({
    queryKey: ['members', space],
    queryFn: async ({ signal }) => (await membersList({ path: { space_id: space }, signal })).data,
  });

export interface Offer {
  shelf: ShelfId;
  role: string;
  sees_money: boolean;
  /** Null makes a link for whoever holds it first. */
  email: string | null;
}

/** Gives the page where the offer is taken, which is not to be had again. */
export async function invite({ shelf, ...offer }: Offer): Promise<string | null> {
  const { data } = await collectionInvitationsCreate({
    path: { collection_id: shelf },
    body: offer,
  });
  return data.token === null ? null : `${window.location.origin}/invitation#token=${data.token}`;
}

/** What was offered in the space and not answered. */
export const offersQuery = (space: string) =>
  queryOptions({
    queryKey: ['offers', space],
    queryFn: async ({ signal }) =>
      (await spaceInvitationsList({ path: { space_id: space }, signal })).data.filter(
        ({ answer }) => answer === null,
      ),
  });

export const withdrawOffer = ({ space, id }: { space: string; id: string }) =>
  spaceInvitationsRevoke({ path: { space_id: space, invitation_id: id } });
