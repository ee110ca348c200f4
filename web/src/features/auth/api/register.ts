import type { Credentials } from './logIn';

import { authRegister } from '@/api';

/** True when the address must be confirmed by a letter before one may enter. */
export async function register(
  credentials: Credentials & { invitation: string | null },
): Promise<boolean> {
  const { data } = await authRegister({ body: { ...credentials, cookies: true } });
  return 'status' in data;
}
