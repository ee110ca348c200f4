import { cataloguesImport } from '@/api';
import type { JobId } from '@/lib/brand';

export type ImportFormat = 'csv' | 'marc' | 'tcgdex' | 'tate' | 'tarot';

export interface CatalogueImport {
  file: File;
  format: ImportFormat;
  name: string;
  /** Slug of the catalogue that it goes into, new or there already. */
  into: string;
  /** Null where the format knows its own. */
  kind: string | null;
  /** CSV: which field each column holds. */
  mapping: Record<string, string>;
}

export async function importCatalogue({
  kind,
  mapping,
  into,
  ...rest
}: CatalogueImport): Promise<JobId> {
  const map = Object.entries(mapping).map(([column, field]) => `${column}=${field}`);
  const { data } = await cataloguesImport({
    body: {
      ...rest,
      catalogue: into,
      ...(kind === null ? {} : { kind }),
      ...(map.length === 0 ? {} : { map }),
    },
  });
  return data.job_id as JobId;
}
