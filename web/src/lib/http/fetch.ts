import { problemOf, Unreachable } from './problem';
import { askForProof } from './proof';
import { noticeReached } from './reached';

import { locks } from '@/lib/secure';
import { actsAs, becomeSomebody } from '@/lib/session/actsAs';
import { chooseSpace, chosenSpace } from '@/lib/session/space';

/** Names agreed with the server's platform/http. */
const CSRF_COOKIE = 'armarium_csrf';
const CSRF_HEADER = 'X-CSRF-Token';
const REFRESH = '/api/v1/auth/refresh';

let refreshing: Promise<boolean> | null = null;

/**
 * The one way to the server, used by the generated client too: cookies, CSRF header, one silent
 * refresh of an expired session, the question whether it is still the same person where an act
 * asks for it, and every refusal as an `ApiProblem`.
 */
export async function apiFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, { ...init, credentials: 'same-origin' });
  // Whoever names a space themselves sends what belongs there, wherever this tab is.
  const space = request.headers.has('X-Space') ? null : chosenSpace();
  if (space !== null && isOfSpace(request)) request.headers.set('X-Space', space);
  const again = request.clone();
  const proved = request.clone();
  let response = await send(request);
  if (response.status === 401 && (await isExpired(request.url, response))) {
    // The half hour of acting as somebody is over: sent again, this would be done as another.
    if (actsAs() !== null) await becomeSomebody(null);
    else if (await refreshed()) response = await send(again);
  }
  if (response.status === 403 && (await codeOf(response)) === 'proof_required') {
    if (await askForProof()) response = await send(proved);
  }
  if (space !== null && response.status === 404 && (await codeOf(response)) === 'no_such_space') {
    // Somebody took the seat back: go on in one's own.
    chooseSpace(null);
    window.location.assign('/');
  }
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  return response;
}

async function send(request: Request): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const token = cookie(CSRF_COOKIE);
    if (token !== null) request.headers.set(CSRF_HEADER, token);
  }
  try {
    const response = await fetch(request);
    // A proxy that stands before the server answers so in its place.
    noticeReached(response.status !== 502 && response.status !== 504);
    return response;
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    noticeReached(false);
    throw new Unreachable(cause);
  }
}

/** Rotation allows a refresh token once, so all tabs and all failed requests share one refresh. */
function refreshed(): Promise<boolean> {
  refreshing ??= lockedRefresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function lockedRefresh(): Promise<boolean> {
  const before = cookie(CSRF_COOKIE);
  const refresh = async () => {
    const after = cookie(CSRF_COOKIE);
    if (after !== null && after !== before) return true; // another tab was faster
    const response = await send(
      new Request(new URL(REFRESH, window.location.origin), {
        method: 'POST',
        credentials: 'same-origin',
      }),
    );
    return response.ok;
  };
  const held = locks();
  return held === undefined ? await refresh() : await held.request('armarium-refresh', refresh);
}

/**
 * What a person does with their own account and seats, or an administrator with what all spaces
 * share, is of no space: viewers may do it, too.
 */
function isOfSpace({ method, url }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return !/^\/api\/v1\/(admin|auth|catalogues|me|invitations|spaces|profile)(\/|$)/.test(
    new URL(url).pathname,
  );
}

/** Whether a 401 means an ended session; a wrong code at the door or in a proof does not. */
async function isExpired(url: string, response: Response): Promise<boolean> {
  if (new URL(url).pathname.startsWith('/api/v1/auth/')) return false;
  return (await codeOf(response)) !== 'wrong_second_factor';
}

async function codeOf(response: Response): Promise<string> {
  return (await problemOf(response.clone())).code;
}

function cookie(name: string): string | null {
  const found = document.cookie.split('; ').find((part) => part.startsWith(`${name}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(name.length + 1));
}
