import { queryOptions } from '@tanstack/react-query';

import { scansGet } from '@/api';
import type { ScanId } from '@/lib/brand';
import type { Scan } from '@/lib/wire/scan';

/** Between two looks at a scan, in milliseconds; with the stream open it only guards a lost event. */
const POLL = 1_500;
const POLL_WHILE_LIVE = 8_000;

export const scanQuery = (id: ScanId, live: boolean) =>
  queryOptions({
    queryKey: ['scan', id],
    queryFn: async ({ signal }) => (await scansGet({ path: { scan_id: id }, signal })).data as Scan,
    refetchInterval: ({ state }) =>
      isOver(state.data?.status) || state.status === 'error'
        ? false
        : live
          ? POLL_WHILE_LIVE
          : POLL,
  });

function isOver(status: Scan['status'] | undefined): boolean {
  return status === 'done' || status === 'failed';
}
