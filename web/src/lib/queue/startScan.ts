import { scansCreate } from '@/api';
import type { Shot } from '@/lib/storage/database';

/** The photo goes into the space that it was taken in, or nowhere: others may be logged in by now. */
export async function startScan({
  id,
  owner,
  picture,
  name,
  kind,
  catalogue,
}: Shot): Promise<string> {
  const file = new File([picture], name, { type: picture.type });
  const { data } = await scansCreate({
    body: { files: [file], kind, catalogue },
    headers: { 'Idempotency-Key': id, 'X-Space': owner },
  });
  return data.id;
}
