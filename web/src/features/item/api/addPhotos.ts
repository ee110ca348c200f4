import type { ItemId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import { prepare } from '@/lib/queue/prepare';

export async function addPhotos(id: ItemId, files: readonly File[]): Promise<void> {
  const form = new FormData();
  for (const file of files) form.append('files', await prepare(file), file.name);
  await call('POST', `/api/v1/items/${id}/images`, { form });
}
