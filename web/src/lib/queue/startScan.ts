import { call } from '@/lib/http/verbs';
import type { Shot } from '@/lib/storage/database';

export async function startScan(shot: Shot): Promise<string> {
  const form = new FormData();
  form.append('files', shot.picture, shot.name);
  if (shot.kind !== null) form.append('kind', shot.kind);
  if (shot.catalogue !== null) form.append('catalogue', shot.catalogue);
  const { data } = await call<{ id: string }>('POST', '/api/v1/scans', {
    form,
    headers: { 'Idempotency-Key': shot.id },
  });
  return data.id;
}
