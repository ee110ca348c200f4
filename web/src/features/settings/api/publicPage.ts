import { queryOptions } from '@tanstack/react-query';

import { type ProfileIn, type ProfileOut, profileGet, profileSave } from '@/api';
import { ApiProblem } from '@/lib/http/problem';

export type PublicProfile = ProfileOut;
export type PublicDraft = Required<ProfileIn>;

/** Null until the person makes one. */
export const publicProfileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: async ({ signal }): Promise<PublicProfile | null> => {
    try {
      return (await profileGet({ signal })).data;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) return null;
      throw error;
    }
  },
});

/** Refused when it was changed elsewhere since `version` was read. */
export const saveProfile = async ({
  draft,
  version,
}: {
  draft: PublicDraft;
  version: number | null;
}): Promise<PublicProfile> => {
  const { data } = await profileSave({
    body: draft,
    ...(version !== null && { headers: { 'If-Match': `W/"${version}"` } }),
  });
  return data;
};
