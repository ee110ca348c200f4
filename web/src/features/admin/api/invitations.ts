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

export const invite = async (invitation: NewInvitation) =>
  (await adminInvitationsCreate({ body: invitation })).data;

export const withdraw = (id: string) => adminInvitationsRevoke({ path: { invitation_id: id } });
