import { scansCreate } from '@/api';
import type { Shot } from '@/lib/storage/database';

export async function startScan({ id, picture, name, kind, catalogue }: Shot): Promise<string> {
  const file = new File([picture], name, { type: picture.type });
  const { data } = await scansCreate({
    body: { files: [file], kind, catalogue },
    headers: { 'Idempotency-Key': id },
  });
  return data.id;
}
