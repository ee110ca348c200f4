import { queryOptions } from '@tanstack/react-query';

import { authInvitation } from '@/api';

/** What an invitation to this server offers. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }) => (await authInvitation({ body: { token }, signal })).data,
    retry: false,
  });
