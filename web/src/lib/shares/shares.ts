import { queryOptions } from '@tanstack/react-query';

import { type ShareInWritable, type ShareOut, sharesCreate, sharesList, sharesRevoke } from '@/api';

export type Share = ShareOut;
export type NewShare = ShareInWritable;

export const sharesQuery = queryOptions({
  queryKey: ['shares'],
  queryFn: async ({ signal }) => (await sharesList({ signal })).data,
});

/** Gives the address, which is not to be had again. */
export async function makeShare(share: NewShare): Promise<string> {
  const { data } = await sharesCreate({ body: share });
  return `${window.location.origin}${data.path ?? ''}`;
}

export const revokeShare = (id: string) => sharesRevoke({ path: { share_id: id } });

/** Whether a link still shows something. */
export const isLiving = ({ revoked_at, expires_at }: Share): boolean =>
  revoked_at === null && Date.parse(expires_at) > Date.now();
