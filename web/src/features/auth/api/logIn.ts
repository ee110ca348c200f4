import { authLogin, authLoginSecondFactor } from '@/api';
import { ApiProblem } from '@/lib/http/problem';

export interface Credentials {
  email: string;
  password: string;
}

/** A login whose password was right and that waits for its second factor. */
export interface Asked {
  challenge: string;
  methods: readonly string[];
}

/**
 * The answer's tokens are for programs; the browser keeps the httpOnly cookies that came along.
 * Null when that was all.
 */
export async function logIn(credentials: Credentials): Promise<Asked | null> {
  try {
    await authLogin({ body: { ...credentials, cookies: true } });
    return null;
  } catch (error) {
    const asked = askedBy(error);
    if (asked === null) throw error;
    return asked;
  }
}

export interface SecondFactor {
  code?: string;
  recovery_code?: string;
  passkey?: Record<string, unknown>;
}

export async function finishLogIn(challenge: string, proof: SecondFactor): Promise<void> {
  await authLoginSecondFactor({ body: { challenge, ...proof, cookies: true } });
}

function askedBy(error: unknown): Asked | null {
  if (!(error instanceof ApiProblem) || error.code !== 'second_factor_required') return null;
  const { challenge, methods } = error.body;
  if (typeof challenge !== 'string' || !Array.isArray(methods)) return null;
  return { challenge, methods: methods.map(String) };
}

/** An outside login that waits for its second factor comes back with it behind the `#`. */
export function askedInAddress(fragment: string): Asked | null {
  const said = new URLSearchParams(fragment.replace(/^#/, ''));
  const challenge = said.get('challenge');
  if (challenge === null) return null;
  return { challenge, methods: (said.get('methods') ?? '').split(',') };
}
