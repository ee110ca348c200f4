import { queryOptions } from '@tanstack/react-query';

import type { CatalogueId, Instant } from './brand';
import { call } from './http/verbs';

export interface Catalogue {
  id: CatalogueId;
  /** Its name in addresses and in what a scan asks for. */
  slug: string;
  name: string;
  kind: string;
  source: string;
  licence: string;
  entry_count: number;
  /** Reference pictures by how far they are learned. */
  image_counts: Partial<Record<'pending' | 'ready' | 'failed', number>>;
  updated_at: Instant;
}

export const cataloguesQuery = queryOptions({
  queryKey: ['catalogues'],
  queryFn: async ({ signal }) =>
    (await call<Catalogue[]>('GET', '/api/v1/catalogues', { signal })).data,
});
