import { call } from '@/lib/http/verbs';

export interface Credentials {
  email: string;
  password: string;
}

/** The answer's tokens are for programs; the browser keeps the httpOnly cookies that came along. */
export async function logIn(credentials: Credentials): Promise<void> {
  await call('POST', '/api/v1/auth/login', { body: { ...credentials, cookies: true } });
}
