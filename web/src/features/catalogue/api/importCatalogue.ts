import type { JobId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export type ImportFormat = 'csv' | 'marc' | 'tcgdex' | 'tate' | 'tarot';

export interface CatalogueImport {
  file: File;
  format: ImportFormat;
  name: string;
  kind: string | null;
  /** CSV: which field each column holds. */
  mapping: Record<string, string>;
}

export async function importCatalogue({
  file,
  format,
  name,
  kind,
  mapping,
}: CatalogueImport): Promise<JobId> {
  const form = new FormData();
  form.append('file', file, file.name);
  form.append('format', format);
  form.append('name', name);
  if (kind !== null) form.append('kind', kind);
  if (Object.keys(mapping).length > 0) form.append('mapping', JSON.stringify(mapping));
  const { data } = await call<{ id: JobId }>('POST', '/api/v1/catalogues/import', { form });
  return data.id;
}
