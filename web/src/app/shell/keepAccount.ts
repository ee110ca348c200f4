import { queryOptions } from '@tanstack/react-query';

import { archivesLink, archivesList, meDeletionCancel } from '@/api';

export const keepAccount = () => meDeletionCancel();

/** The archives that wait to be taken along. */
export const ownArchivesQuery = queryOptions({
  queryKey: ['closing', 'archives'],
  queryFn: async ({ signal }) => (await archivesList({ signal })).data,
});

/** The link is made when it is wanted, and lives for minutes. */
export async function takeArchive(id: string): Promise<void> {
  const { data } = await archivesLink({ path: { archive_id: id } });
  window.location.assign(data.url);
}
