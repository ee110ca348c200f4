import { authLoginPasskey, authLoginPasskeyOptions } from '@/api';
import { signWithPasskey } from '@/lib/passkeys';

export async function logInByPasskey(): Promise<void> {
  const { challenge, public_key } = (await authLoginPasskeyOptions({ body: {} })).data;
  const passkey = await signWithPasskey(public_key);
  await authLoginPasskey({ body: { challenge, passkey, cookies: true } });
}

/** The signature that a waiting login asks for. */
export async function signLogIn(challenge: string): Promise<Record<string, unknown>> {
  const { public_key } = (await authLoginPasskeyOptions({ body: { challenge } })).data;
  return await signWithPasskey(public_key);
}
