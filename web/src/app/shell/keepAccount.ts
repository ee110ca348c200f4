import { queryOptions } from '@tanstack/react-query';

import { archivesGet, archivesList, meDeletionCancel } from '@/api';

export const keepAccount = () => meDeletionCancel();

/** The archives that wait to be taken along, each with its link where there is a file. */
export const ownArchivesQuery = queryOptions({
  queryKey: ['closing', 'archives'],
  queryFn: async ({ signal }) => {
    const { data } = await archivesList({ signal });
    const ready = data.filter(({ status }) => status === 'ready');
    return await Promise.all(
      ready.map(async ({ id }) => (await archivesGet({ path: { archive_id: id }, signal })).data),
    );
  },
});
