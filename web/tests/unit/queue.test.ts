import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { flushShots } from '@/lib/queue/flush';
import { prepare, shrinkBy } from '@/lib/queue/prepare';
import { addShots, retryShot, sendShotAgain, shotsOf } from '@/lib/queue/shots';
import { chooseSpace } from '@/lib/session/space';
import { database } from '@/lib/storage/database';

const owner = 'ada';

beforeEach(() => database.shots.clear());
afterEach(() => {
  vi.unstubAllGlobals();
  chooseSpace(null);
});

const shoot = (count: number) =>
  addShots(
    Array.from({ length: count }, () => new Blob(['x'], { type: 'image/jpeg' })),
    { owner, kind: 'card', catalogue: null },
  );

function server(answer: (request: Request) => Response): Request[] {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', (request: Request) => {
    seen.push(request);
    return Promise.resolve(answer(request));
  });
  return seen;
}

const accepted = () =>
  new Response('{"id":"scan-1","status":"queued"}', {
    status: 202,
    headers: { 'Content-Type': 'application/json' },
  });

test('without a connection every shot stays and waits', async () => {
  await shoot(2);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('offline')));
  expect(await flushShots(owner)).toBe(0);
  expect((await shotsOf(owner)).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
});

test('with a connection each is sent once, under its own key', async () => {
  await shoot(3);
  const seen = server(accepted);
  expect(await flushShots(owner)).toBe(3);
  expect(await flushShots(owner)).toBe(0);
  const keys = seen.map((request) => request.headers.get('Idempotency-Key'));
  expect(new Set(keys).size).toBe(3);
  expect(new Set(keys)).toEqual(new Set((await shotsOf(owner)).map(({ id }) => id)));
});

test('a photo that the server will never take is kept with the reason, and the next goes on', async () => {
  await shoot(2);
  let first = true;
  server(() => {
    if (!first) return accepted();
    first = false;
    return new Response('{"detail":"This is not a picture.","status":415}', { status: 415 });
  });
  await flushShots(owner);
  const [newest, oldest] = await shotsOf(owner);
  expect(oldest).toMatchObject({ state: 'refused', reason: 'This is not a picture.' });
  expect(newest).toMatchObject({ state: 'sent', scanId: 'scan-1' });
});

test('a busy server is asked again later', async () => {
  await shoot(1);
  server(() => new Response('{"status":429}', { status: 429 }));
  await flushShots(owner);
  expect((await shotsOf(owner))[0]?.state).toBe('waiting');
});

test('one photo that the server fails at does not hold up the rest, and is asked about in the end', async () => {
  await shoot(3);
  const bad = (await shotsOf(owner))[2]?.id;
  server((request) =>
    request.headers.get('Idempotency-Key') === bad
      ? new Response('{"code":"internal","status":500}', { status: 500 })
      : accepted(),
  );
  expect(await flushShots(owner)).toBe(2);
  expect((await shotsOf(owner)).map(({ state }) => state)).toEqual(['sent', 'sent', 'waiting']);
  for (let again = 0; again < 4; again += 1) await flushShots(owner);
  const [, , oldest] = await shotsOf(owner);
  expect(oldest).toMatchObject({ state: 'refused', hopeless: false });
  await retryShot(bad ?? '');
  await flushShots(owner);
  expect((await shotsOf(owner))[2]).toMatchObject({ state: 'waiting', tries: 1 });
});

test.each([502, 503, 504])(
  'a server that answers %i is not asked for the next photo',
  async (status) => {
    await shoot(2);
    const seen = server(() => new Response('<html>', { status }));
    for (let again = 0; again < 6; again += 1) await flushShots(owner);
    expect(seen).toHaveLength(6);
    expect((await shotsOf(owner)).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  },
);

test('a file that the device has lost does not hold up the rest', async () => {
  await shoot(2);
  const seen = server(accepted);
  const read = vi.spyOn(Blob.prototype, 'slice').mockImplementationOnce(() => {
    throw new DOMException('gone', 'NotReadableError');
  });
  expect(await flushShots(owner)).toBe(1);
  expect(seen).toHaveLength(1);
  read.mockRestore();
});

test('a picture that this device cannot draw smaller is sent as it is', async () => {
  vi.stubGlobal('createImageBitmap', () =>
    Promise.resolve({ width: 20_000, height: 10_000, close: () => undefined }),
  );
  vi.stubGlobal('OffscreenCanvas', undefined);
  const huge = new Blob([new Uint8Array(7 * 1024 * 1024)], { type: 'image/jpeg' });
  expect(await prepare(huge)).toBe(huge);
});

test('a photo that the server is taking in already is not refused', async () => {
  await shoot(1);
  server(() => new Response('{"code":"idempotency_in_progress","status":409}', { status: 409 }));
  await flushShots(owner);
  expect((await shotsOf(owner))[0]?.state).toBe('waiting');
});

test('a photo that waited long stays in the tray after it was sent', async () => {
  await shoot(1);
  const longAgo = Date.now() - 7 * 24 * 60 * 60 * 1000;
  await database.shots.toCollection().modify({ taken: longAgo });
  server(accepted);
  await flushShots(owner);
  await flushShots(owner);
  expect(await shotsOf(owner)).toHaveLength(1);
  await database.shots.toCollection().modify({ sentAt: longAgo });
  await flushShots(owner);
  expect(await shotsOf(owner)).toHaveLength(0);
});

test('a photo left half sent by a closed tab is sent again', async () => {
  await shoot(1);
  await database.shots.toCollection().modify({ state: 'sending' });
  server(accepted);
  expect(await flushShots(owner)).toBe(1);
});

test('asked again while a photo is on its way, it is sent once', async () => {
  await shoot(1);
  const seen = server(accepted);
  expect(await Promise.all([flushShots(owner), flushShots(owner)])).toEqual([1, 1]);
  expect(seen).toHaveLength(1);
});

test('each photo goes into the space that it was taken in, wherever this browser is now', async () => {
  await shoot(1);
  chooseSpace('club');
  const seen = server(accepted);
  await flushShots(owner);
  expect(seen.map((request) => request.headers.get('X-Space'))).toEqual([owner]);
});

test('with somebody else logged in, a photo waits for its person', async () => {
  await shoot(1);
  server(() => new Response('{"code":"no_such_space","status":404}', { status: 404 }));
  expect(await flushShots(owner)).toBe(0);
  expect((await shotsOf(owner))[0]?.state).toBe('waiting');
});

test("nobody sends another account's photos", async () => {
  await shoot(1);
  const seen = server(accepted);
  expect(await flushShots('somebody else')).toBe(0);
  expect(seen).toEqual([]);
});

test('sent anew, a photo gets a key of its own', async () => {
  await shoot(1);
  const [before] = await shotsOf(owner);
  await sendShotAgain(before?.id ?? '');
  const [after] = await shotsOf(owner);
  expect(after?.state).toBe('waiting');
  expect(after?.id).not.toBe(before?.id);
});

test.each([
  [4000, 3000, 4_000_000, 1],
  [20_000, 10_000, 20_000_000, 0.7],
])('%i×%i in %i bytes shrinks by %f', (width, height, bytes, scale) => {
  expect(shrinkBy(width, height, bytes)).toBeCloseTo(scale, 1);
});

test('a file that is no picture is not to be tried again; a full account is', async () => {
  await shoot(2);
  const codes = ['unsupported_image', 'quota_exceeded'];
  server(() => new Response(JSON.stringify({ code: codes.shift(), status: 415 }), { status: 415 }));
  await flushShots(owner);
  expect((await shotsOf(owner)).map(({ hopeless }) => hopeless).sort()).toEqual([false, true]);
});
