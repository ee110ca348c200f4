import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { instantsOf } from './words';

import {
  auditList,
  type AuditEntryOut,
  spaceAuditActionsList,
  spaceAuditList,
  type AuditListData,
} from '@/api';
import { pageOf } from '@/lib/http/page';

export type Entry = AuditEntryOut;
/** `server` is all of it, `space` what concerns the space that one acts in. */
export type Sight = 'server' | 'space';

export interface Asked {
  q?: string;
  action?: string;
  actor?: string;
  space?: string;
  from?: string;
  to?: string;
}

export function parametersOf({ from, to, ...asked }: Asked): NonNullable<AuditListData['query']> {
  return { ...asked, ...instantsOf({ from, to }) };
}

export const auditQuery = (sight: Sight, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ['audit', sight, asked],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...parametersOf(asked), limit: 30, cursor: pageParam };
      return pageOf(await (sight === 'server' ? auditList : spaceAuditList)({ query, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** What each recorded act means, as the server says it. */
export const actionsQuery = queryOptions({
  queryKey: ['audit-actions'],
  queryFn: async ({ signal }) => (await spaceAuditActionsList({ signal })).data,
  staleTime: 'static',
});
