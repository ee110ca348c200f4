import { infiniteQueryOptions } from '@tanstack/react-query';

import {
  adminInvitationsCreate,
  type AdminInvitationsCreateData,
  adminInvitationsList,
  type AdminInvitationsListResponses,
  adminInvitationsRevoke,
} from '@/api';
import { pageOf } from '@/lib/http/page';

export type NewInvitation = AdminInvitationsCreateData['body'];
export type Invitation = AdminInvitationsListResponses[200][number];

export const invitationsQuery = infiniteQueryOptions({
  queryKey: ['server-invitations'],
  queryFn: async ({ pageParam, signal }) =>
    pageOf(await adminInvitationsList({ query: { limit: 50, cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
});

export interface Made {
  /** Where an account is made with it; not to be had again. */
  address: string;
  /** Where it was sent, too. */
  email: string | null;
}

/** The address is where this browser found the server, whatever the server believes itself. */
export async function invite(invitation: NewInvitation): Promise<Made> {
  const { data } = await adminInvitationsCreate({ body: invitation });
  const address = `${window.location.origin}/join#token=${data.token}`;
  return { address, email: data.invitation.email };
}

export const withdraw = (id: string) => adminInvitationsRevoke({ path: { invitation_id: id } });
