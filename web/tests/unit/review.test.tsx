import { notifications, Notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { ReviewPage } from '@/features/review/ReviewPage';

beforeEach(stubBrowser);
afterEach(() => {
  notifications.clean();
  cleanup();
  vi.unstubAllGlobals();
});

const find = (id: string, score = 0.5) => ({
  id,
  kind: 'card',
  decision: 'review',
  crop_url: null,
  box: [],
  ocr: { text: '' },
  quality: { advice: [] },
  photo: { id: 'p1' },
  candidates: ['best', 'second'].map((rank) => ({
    catalogue_entry_id: `${id}-${rank}`,
    title: `${id} ${rank}`,
    subtitle: '',
    image_url: null,
    score,
    evidence: {},
  })),
});

/** A server with finds that wait; each decision is answered when the test says so. */
function inbox(ids: readonly string[], score?: number) {
  let waiting = ids.map((id) => find(id, score));
  const pending: { id: string; answer: (how: 'done' | 'refused') => Promise<void> }[] = [];
  const requests = serve(async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === 'GET') return Response.json(pathname.endsWith('/review') ? waiting : []);
    const body = (await request
      .clone()
      .json()
      .catch(() => ({}))) as { detection_ids?: string[] };
    const decided = body.detection_ids ?? [pathname.split('/').at(-2) ?? ''];
    return new Promise((resolve) => {
      pending.push({
        id: decided.join(),
        answer: (how) =>
          act(async () => {
            if (how === 'refused') resolve(new Response('{"code":"conflict"}', { status: 409 }));
            else {
              waiting = waiting.filter(({ id }) => !decided.includes(id));
              resolve(Response.json({ accepted: [], failed: [] }));
            }
            await moment();
          }),
      });
    });
  });
  return {
    requests,
    pending,
    comesBack: (id: string) => {
      waiting = [find(id), ...waiting];
    },
  };
}

async function open() {
  const client = await show(
    <>
      <Notifications />
      <ReviewPage />
    </>,
    [[['me'], { space_id: 's1', space_role: 'owner', preferences: {} }]],
  );
  await screen.findByRole('heading', { name: 'Review' });
  return client;
}

const finds = () => [
  ...document.querySelectorAll<HTMLButtonElement>('ol[aria-label="Waiting finds"] button'),
];
const queue = () => finds().map(({ textContent }) => textContent);
const inFront = () => finds().find(({ ariaCurrent }) => ariaCurrent === 'true')?.textContent;
const moment = () => new Promise((later) => setTimeout(later, 30));
const readAnew = (client: QueryClient) =>
  act(async () => {
    await client.refetchQueries({ queryKey: ['review'] });
    await moment();
  });
const press = async (key: string, repeat = false) => {
  fireEvent.keyDown(document.body, { key, code: key, repeat });
  await act(moment);
};

test('the find in front stays there when one before it comes back', async () => {
  const { comesBack, pending } = inbox(['a', 'b', 'c']);
  const client = await open();
  await press('l');
  expect(inFront()).toBe('b best');
  await pending[0]?.answer('done');
  comesBack('a');
  await readAnew(client);
  expect(queue()).toEqual(['a best', 'b best', 'c best']);
  expect(inFront()).toBe('b best');
});

test('the first find stays in front when another comes before it', async () => {
  const { comesBack } = inbox(['b', 'c']);
  const client = await open();
  comesBack('a');
  await readAnew(client);
  expect(inFront()).toBe('b best');
});

test('a key that is held down decides one find, and goes on moving', async () => {
  const { pending } = inbox(['a', 'b', 'c', 'd']);
  await open();
  for (const key of ['d', 'Enter', '1']) await press(key, true);
  expect(pending).toEqual([]);
  await press('j');
  await press('j', true);
  expect(inFront()).toBe('c best');
});

test('what is accepted is the entry that was shown', async () => {
  const { requests } = inbox(['a']);
  await open();
  await press('Enter');
  const sent = requests.filter(({ method }) => method === 'POST');
  expect(await Promise.all(sent.map((request) => request.json()))).toEqual([
    { catalogue_entry_id: 'a-best' },
  ]);
});

test('more likely finds than the server takes at once are accepted in groups', async () => {
  const ids = Array.from({ length: 210 }, (_, number) => `f${number}`);
  const { pending } = inbox(ids, 0.97);
  await open();
  fireEvent.click(screen.getByText('Accept 210 very likely'));
  await act(moment);
  expect(pending.map(({ id }) => id.split(',').length)).toEqual([200, 10]);
  await pending[0]?.answer('refused');
  expect(queue()).toHaveLength(200);
});

test('what was decided stays away while others are being decided', async () => {
  const { pending } = inbox(['a', 'b', 'c']);
  await open();
  await press('d');
  await press('d');
  expect(queue()).toEqual(['c best']);
  await pending[0]?.answer('done');
  expect(queue()).toEqual(['c best']);
  await pending[1]?.answer('done');
  expect(queue()).toEqual(['c best']);
});

test('a refused decision brings back its own find alone', async () => {
  const { pending } = inbox(['a', 'b', 'c']);
  await open();
  await press('d');
  await press('d');
  await pending[0]?.answer('refused');
  expect(queue()).toEqual(['a best', 'c best']);
  await pending[1]?.answer('done');
  expect(queue()).toEqual(['a best', 'c best']);
});
