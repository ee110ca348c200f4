import type { Credentials } from './logIn';

import { call } from '@/lib/http/verbs';

export async function register(credentials: Credentials): Promise<void> {
  await call('POST', '/api/v1/auth/register', { body: { ...credentials, cookies: true } });
}
