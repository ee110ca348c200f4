import { queryOptions, useQuery } from '@tanstack/react-query';

import { kindsList } from '@/api';
import type { Kind } from '@/lib/wire/kind';

/** Loaded once and kept: kinds change with a release, not with the day. */
export const kindsQuery = queryOptions({
  queryKey: ['kinds'],
  queryFn: async ({ signal }) => (await kindsList({ signal })).data as unknown as Kind[],
  staleTime: 60 * 60_000,
});

const none: Kind[] = [];

export function useKinds(): Kind[] {
  return useQuery(kindsQuery).data ?? none;
}

/** The word for a kind, or its bare name while the kinds are still on their way. */
export function useKindLabel(): (name: string) => string {
  const kinds = useKinds();
  return (name) => kinds.find((kind) => kind.name === name)?.label ?? name;
}
