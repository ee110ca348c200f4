import { QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';

import { apiFetch } from '@/lib/http/fetch';
import { nextCursor } from '@/lib/http/page';
import { ApiProblem, formErrors, Unreachable } from '@/lib/http/problem';
import { isReached, noticeReached } from '@/lib/http/reached';
import { chooseSpace } from '@/lib/session/space';

afterEach(() => {
  vi.unstubAllGlobals();
  document.cookie = 'armarium_csrf=; max-age=0';
  noticeReached(true);
  chooseSpace(null);
});

const address = (path: string) => new URL(path, window.location.origin);
const refusal = (status: number, body: object) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });

function serve(answer: (request: Request) => Response | Promise<Response>): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    return answer(request);
  });
  return seen;
}

test('an unsafe request carries the token of the cookie, a safe one does not', async () => {
  document.cookie = 'armarium_csrf=tok%20en';
  const seen = serve(() => new Response('{}'));
  await apiFetch(address('/api/v1/items'), { method: 'POST', body: '{}' });
  await apiFetch(address('/api/v1/items'));
  expect(seen.map((request) => request.headers.get('X-CSRF-Token'))).toEqual(['tok en', null]);
});

test('what all spaces share is changed from no space', async () => {
  chooseSpace('mine');
  const seen = serve(() => new Response('{}'));
  await apiFetch(address('/api/v1/catalogues/cards'), { method: 'DELETE' });
  await apiFetch(address('/api/v1/catalogue/entries'), { method: 'POST', body: '{}' });
  expect(seen.map((request) => request.headers.get('X-Space'))).toEqual([null, 'mine']);
});

test('an expired session is refreshed once for all requests that met it', async () => {
  let fresh = false;
  const seen = serve((request) => {
    if (request.url.endsWith('/auth/refresh')) {
      fresh = true;
      return new Response('{}');
    }
    return fresh ? new Response('{"ok":true}') : refusal(401, { code: 'unauthenticated' });
  });
  const answers = await Promise.all([
    apiFetch(address('/api/v1/me')),
    apiFetch(address('/api/v1/items')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(seen.filter(({ url }) => url.endsWith('/auth/refresh'))).toHaveLength(1);
});

test('a wrong password does not ask for a refresh', async () => {
  const seen = serve(() => refusal(401, { code: 'bad_credentials', detail: 'No.' }));
  await expect(apiFetch(address('/api/v1/auth/login'), { method: 'POST' })).rejects.toMatchObject({
    status: 401,
    code: 'bad_credentials',
  });
  expect(seen).toHaveLength(1);
});

test('silence is told apart from a refusal', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(apiFetch(address('/api/v1/items'))).rejects.toBeInstanceOf(Unreachable);
});

test("a proxy's page of error keeps its status", async () => {
  serve(() => new Response('<html>Bad gateway</html>', { status: 502 }));
  await expect(apiFetch(address('/api/v1/items'))).rejects.toMatchObject({
    status: 502,
    code: 'unknown',
  });
});

test('pointers become the paths of a form', () => {
  const problem = new ApiProblem(422, {
    errors: [
      { pointer: '/fields/year', code: 'not_a_year', detail: 'Write a year.' },
      { pointer: '/title', code: 'required', detail: 'Needed.' },
      { pointer: '/fields/authors/0', code: 'too_long', detail: 'Too long.' },
      { pointer: '/body/tags/12', code: 'too_long', detail: 'Too long, too.' },
      { pointer: '', code: 'odd', detail: 'Whole.' },
    ],
  });
  expect(formErrors(problem)).toEqual({
    'fields.year': 'Write a year.',
    title: 'Needed.',
    'fields.authors': 'Too long.',
    tags: 'Too long, too.',
  });
});

test.each([
  ['</api/v1/items?limit=50&cursor=ab%3Dc>; rel="next"', 'ab=c'],
  ['</a?cursor=1>; rel="prev", </a?cursor=2>; rel="next"', '2'],
  ['</a?cursor=1>; rel="prev"', null],
])('%s leads on to %s', (link, cursor) => {
  expect(nextCursor(new Response(null, { headers: { Link: link } }))).toBe(cursor);
});

test('a silent server is noticed, and that it answers again', async () => {
  serve(() => Promise.reject(new TypeError('refused')));
  await expect(apiFetch(address('/api/v1/items'))).rejects.toBeInstanceOf(Unreachable);
  expect(isReached()).toBe(false);
  serve(() => refusal(404, { code: 'not_found' }));
  await expect(apiFetch(address('/api/v1/items'))).rejects.toBeInstanceOf(ApiProblem);
  expect(isReached()).toBe(true);
  serve(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
  await expect(apiFetch(address('/api/v1/items'))).rejects.toBeInstanceOf(ApiProblem);
  expect(isReached()).toBe(false);
});

test('what could not be loaded is asked for again when the server answers', async () => {
  const { queryClient } = await import('@/lib/query/client');
  let answers = false;
  const queryFn = vi.fn(() => {
    if (answers) return Promise.resolve('there');
    noticeReached(false);
    return Promise.reject(new ApiProblem(404, {}));
  });
  const options = { queryKey: ['silent'], queryFn };
  const watched = new QueryObserver(queryClient, options);
  const stop = watched.subscribe(() => undefined);
  await vi.waitFor(() => expect(watched.getCurrentResult().isLoadingError).toBe(true));
  answers = true;
  noticeReached(true);
  await vi.waitFor(() => expect(watched.getCurrentResult().data).toBe('there'));
  stop();
});
