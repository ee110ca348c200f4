/** Whether this browser can make and use passkeys here (it must be HTTPS or localhost). */
export const passkeysWork = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential;

/** What the person did not finish; the browser says no more, on purpose. */
export class PasskeyCancelled extends Error {
  constructor(cause: unknown) {
    super('passkey cancelled', { cause });
    this.name = 'PasskeyCancelled';
  }
}

type Wire = Record<string, unknown>;

/** Has the browser sign with one of the person's passkeys; gives what the server checks. */
export async function signWithPasskey(options: Wire): Promise<Wire> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as unknown as PublicKeyCredentialRequestOptionsJSON,
  );
  return await told(navigator.credentials.get({ publicKey }));
}

/** Has the browser make a new passkey; gives what the server keeps. */
export async function makePasskey(options: Wire): Promise<Wire> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as unknown as PublicKeyCredentialCreationOptionsJSON,
  );
  return await told(navigator.credentials.create({ publicKey }));
}

async function told(ceremony: Promise<Credential | null>): Promise<Wire> {
  const credential = await ceremony.catch((cause: unknown) => {
    throw new PasskeyCancelled(cause);
  });
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyCancelled(null);
  return { ...credential.toJSON() };
}
