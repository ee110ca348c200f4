import { focusManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';

import { serve } from '../show';

import { sharedQuery } from '@/features/shared/getShared';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  focusManager.setFocused(undefined);
});

test('coming back to the window counts no view until the key of the link ends', async () => {
  vi.useFakeTimers();
  const client = new QueryClient();
  client.mount();
  const views = serve(() => Response.json({ title: 'Novels' }));
  const stop = new QueryObserver(client, sharedQuery('t', null)).subscribe(() => undefined);
  const comeBackAfter = async (minutes: number) => {
    focusManager.setFocused(false);
    await vi.advanceTimersByTimeAsync(minutes * 60_000);
    focusManager.setFocused(true);
    await vi.advanceTimersByTimeAsync(100);
    return views.length;
  };
  expect(await comeBackAfter(1)).toBe(1);
  expect(await comeBackAfter(40)).toBe(1);
  expect(await comeBackAfter(10)).toBe(2);
  stop();
  client.unmount();
});
