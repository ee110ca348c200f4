import type { Credentials } from './logIn';

import { authRegister } from '@/api';

export async function register(credentials: Credentials): Promise<void> {
  await authRegister({ body: { ...credentials, cookies: true } });
}
