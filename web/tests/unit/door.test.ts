import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve } from '../show';

import { leaveForeignSpace } from '@/features/auth/leaveForeignSpace';
import { chooseSpace, chosenSpace } from '@/lib/session/space';
import { forgetBeingHere, noticeBeingHere } from '@/lib/session/wasHere';

beforeEach(() => {
  noticeBeingHere('ada');
  chooseSpace('club');
});
afterEach(() => {
  vi.unstubAllGlobals();
  chooseSpace(null);
  forgetBeingHere();
});

const refusal = (status: number, code: string) => () => Response.json({ code }, { status });

test('whoever comes back goes on in their space', async () => {
  serve(() => Response.json({ id: 'ada' }));
  await leaveForeignSpace();
  expect(chosenSpace()).toBe('club');
});

test('anybody else leaves the space of who was here, and stays on their way', async () => {
  const asked = serve(refusal(404, 'no_such_space'));
  await leaveForeignSpace();
  expect(chosenSpace()).toBeNull();
  expect(asked[0]?.headers.get('X-Space')).toBe('club');
});

test('also where both have a seat', async () => {
  serve(() => Response.json({ id: 'bob' }));
  await leaveForeignSpace();
  expect(chosenSpace()).toBeNull();
});

test('who still lacks a second factor has left nothing', async () => {
  serve(refusal(403, 'second_factor_missing'));
  await leaveForeignSpace();
  expect(chosenSpace()).toBe('club');
});
