import { queryOptions } from '@tanstack/react-query';

import {
  type ArchiveImportOut,
  type ArchiveOut,
  archivesCreate,
  archivesGet,
  archivesLink,
  archivesList,
  importsCreate,
  importsList,
  meDeletionRequest,
  meDeletionTerms,
} from '@/api';
import type { Brand, Instant, Narrowed } from '@/lib/brand';

export type ArchiveId = Brand<string, 'archive'>;

export type Archive = Narrowed<
  ArchiveOut,
  {
    id: ArchiveId;
    created_at: Instant;
    ready_at: Instant | null;
    expires_at: Instant | null;
  }
>;

export type Import = Narrowed<
  ArchiveImportOut,
  { created_at: Instant; finished_at: Instant | null }
>;

/** Between two looks at what a worker does, in milliseconds. */
const POLL = 1_500;

export const isUnderWay = ({ status }: { status: string }): boolean =>
  status === 'queued' || status === 'running';

export const archivesQuery = queryOptions({
  queryKey: ['archives'],
  queryFn: async ({ signal }) => (await archivesList({ signal })).data as Archive[],
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? POLL : false),
});

/** With how far it is. */
export const archiveQuery = (id: ArchiveId) =>
  queryOptions({
    queryKey: ['archives', id],
    queryFn: async ({ signal }) =>
      (await archivesGet({ path: { archive_id: id }, signal })).data as Archive,
    refetchInterval: POLL,
  });

export const makeArchive = async (): Promise<Archive> => (await archivesCreate()).data as Archive;

/** Links end within minutes, so one is asked for when it is wanted. */
export async function downloadArchive(id: ArchiveId): Promise<void> {
  const { data } = await archivesLink({ path: { archive_id: id } });
  window.location.assign(data.url);
}

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: async ({ signal }) => (await importsList({ signal })).data as Import[],
  refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? POLL : false),
});

export const bringArchive = (file: File) => importsCreate({ body: file });

export const deletionTermsQuery = queryOptions({
  queryKey: ['deletion'],
  queryFn: async ({ signal }) => (await meDeletionTerms({ signal })).data,
});

/** When it will be done. */
export const closeAccount = async (): Promise<Instant> =>
  (await meDeletionRequest()).data.closes_at as Instant;
