import { authLogin } from '@/api';

export interface Credentials {
  email: string;
  password: string;
}

/** The answer's tokens are for programs; the browser keeps the httpOnly cookies that came along. */
export async function logIn(credentials: Credentials): Promise<void> {
  await authLogin({ body: { ...credentials, cookies: true } });
}
