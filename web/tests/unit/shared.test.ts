import { afterEach, expect, test, vi } from 'vitest';

import { apiFetch } from '@/lib/http/fetch';
import { persistence } from '@/lib/query/persister';
import { isOvertaken, onOvertaken } from '@/lib/session/shared';
import { chooseSpace, chosenSpace } from '@/lib/session/space';
import { forgetBeingHere, noticeBeingHere } from '@/lib/session/wasHere';
import { database } from '@/lib/storage/database';
import { serve } from '../show';

afterEach(() => {
  vi.unstubAllGlobals();
  chooseSpace(null);
  forgetBeingHere();
});

const address = (path: string) => new URL(path, window.location.origin);

/** As another tab of this browser changes it. */
function elsewhere(key: string, value: string): void {
  localStorage.setItem(key, value);
  window.dispatchEvent(new StorageEvent('storage', { key, newValue: value }));
}

test('what this tab sends stays in its space when another tab goes over into one', async () => {
  const seen = serve(() => new Response('{}'));
  elsewhere('armarium-space', 'club');
  await apiFetch(address('/api/v1/items'), { method: 'POST', body: '{}' });
  expect(chosenSpace()).toBeNull();
  expect(seen.map((request) => request.headers.get('X-Space'))).toEqual([null]);
});

test('a space that a request names itself is left alone', async () => {
  chooseSpace('club');
  const seen = serve(() => new Response('{}'));
  await apiFetch(address('/api/v1/scans'), { method: 'POST', headers: { 'X-Space': 'ada' } });
  await apiFetch(address('/api/v1/items'));
  expect(seen.map((request) => request.headers.get('X-Space'))).toEqual(['ada', 'club']);
});

test.each([
  ['armarium-space', 'club'],
  ['armarium-was-here', 'carl'],
  ['armarium-acting', 'dora'],
])('another tab that changes %s is heard', (key, value) => {
  noticeBeingHere('ada');
  const heard = vi.fn();
  const stop = onOvertaken(heard);
  elsewhere('armarium-density', 'table');
  expect(heard).not.toHaveBeenCalled();
  elsewhere(key, value);
  expect(heard).toHaveBeenCalledOnce();
  stop();
  localStorage.removeItem('armarium-acting');
});

test('where nobody is logged in, nothing of somebody is shown again', async () => {
  const { persister } = persistence;
  const client = { timestamp: 1, buster: 'ada', clientState: { queries: [], mutations: [] } };
  await database.kept.put({ key: 'queries', value: JSON.stringify(client) });
  expect(await persister.restoreClient()).toBeUndefined();
  noticeBeingHere('ada');
  expect(await persister.restoreClient()).toEqual(client);
});

test('a tab that another person came after writes nothing down any more', async () => {
  const { persister } = persistence;
  const written = (text: string) => ({
    timestamp: Date.now(),
    buster: text,
    clientState: { queries: [], mutations: [] },
  });
  noticeBeingHere('ada');
  await database.kept.clear();
  elsewhere('armarium-was-here', 'carl');
  expect(isOvertaken()).toBe(true);
  await persister.persistClient(written('ada'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await database.kept.count()).toBe(0);
});
