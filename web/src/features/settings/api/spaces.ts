import { queryOptions } from '@tanstack/react-query';

import {
  invitationsAccept,
  invitationsDecline,
  invitationsList,
  membersChange,
  membersList,
  membersRemove,
  spaceInvitationsCreate,
  spaceInvitationsList,
  spaceInvitationsRevoke,
  spacesCreate,
  spacesDelete,
  spacesRename,
  spacesRestore,
  spacesTrash,
  spacesUsage,
  type MemberPatch,
  type SpaceIn,
} from '@/api';

export type NewSpace = SpaceIn;

export const makeSpace = async (space: NewSpace) => (await spacesCreate({ body: space })).data;

export const membersQuery = (spaceId: string) =>
  queryOptions({
    queryKey: ['members', spaceId],
    queryFn: async ({ signal }) =>
      (await membersList({ path: { space_id: spaceId }, signal })).data,
  });

export interface Seat {
  spaceId: string;
  userId: string;
}

export const changeMember = ({ spaceId, userId, ...change }: Seat & MemberPatch) =>
  membersChange({ path: { space_id: spaceId, user_id: userId }, body: change });

export const removeMember = ({ spaceId, userId }: Seat) =>
  membersRemove({ path: { space_id: spaceId, user_id: userId } });

export const offersQuery = (spaceId: string) =>
  queryOptions({
    queryKey: ['offers', spaceId],
    queryFn: async ({ signal }) =>
      (await spaceInvitationsList({ path: { space_id: spaceId }, signal })).data,
  });

export interface Offer {
  spaceId: string;
  role: string;
  /** Null makes a link for whoever holds it first. */
  email: string | null;
}

/** Gives the page where the offer is taken, which is not to be had again. */
export async function offerSeat({ spaceId, ...offer }: Offer): Promise<string | null> {
  const { data } = await spaceInvitationsCreate({ path: { space_id: spaceId }, body: offer });
  return data.token === null ? null : `${window.location.origin}/invitation#token=${data.token}`;
}

export const withdrawOffer = ({ spaceId, id }: { spaceId: string; id: string }) =>
  spaceInvitationsRevoke({ path: { space_id: spaceId, invitation_id: id } });

export const offeredQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => (await invitationsList({ signal })).data,
});

export type Answer = { invitation_id: string } | { token: string };

export const accept = async (answer: Answer): Promise<string> =>
  (await invitationsAccept({ body: answer })).data.space_id;

export const decline = (answer: Answer) => invitationsDecline({ body: answer });

/** Refused when somebody else renamed it since `version` was read. */
export const renameSpace = ({ id, name, version }: { id: string; name: string; version: number }) =>
  spacesRename({
    path: { space_id: id },
    headers: { 'If-Match': `W/"${version}"` },
    body: { name },
  });

export const deleteSpace = (id: string) => spacesDelete({ path: { space_id: id } });

/** Deleted spaces that can be had back. */
export const spaceTrashQuery = queryOptions({
  queryKey: ['space-trash'],
  queryFn: async ({ signal }) => (await spacesTrash({ signal })).data,
});

export const restoreSpace = (id: string) => spacesRestore({ path: { space_id: id } });

export const usageQuery = (spaceId: string) =>
  queryOptions({
    queryKey: ['usage', spaceId],
    queryFn: async ({ signal }) =>
      (await spacesUsage({ path: { space_id: spaceId }, signal })).data,
  });
