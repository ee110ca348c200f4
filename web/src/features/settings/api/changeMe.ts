import { call } from '@/lib/http/verbs';
import type { Me } from '@/lib/session/session';

export async function changeMe(change: { display_name?: string | null }): Promise<Me> {
  return (await call<Me>('PATCH', '/api/v1/me', { body: change })).data;
}
