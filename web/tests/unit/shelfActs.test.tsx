import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { ShelfActs } from '@/features/collection/shelves/ShelfActs';
import { forgetBeingHere } from '@/lib/session/wasHere';
import type { Shelf } from '@/lib/shelves/shelves';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  forgetBeingHere();
});

test.each([
  ['who owns the collection', 'editor', 200, ['People']],
  ['who does not', 'editor', 403, []],
])('a guest %s', async (_who, role, status, offered) => {
  const me = { id: 'ada', space_id: 'house', space_role: role };
  const here = { id: 'house', role, collections: ['hall'], sees_money: false };
  const requests = serve(({ url }) => {
    if (url.endsWith('/me')) return Response.json(me);
    if (url.endsWith('/spaces')) return Response.json([here]);
    return Response.json([], { status });
  });
  const shelf = { id: 'hall', name: 'The hall', visibility: 'space', item_count: 2 } as Shelf;
  await show(<ShelfActs shelf={shelf} />, [
    [['me'], me],
    [['spaces'], [here]],
  ]);
  await vi.waitFor(() => expect(requests.some(({ url }) => url.includes('/grants'))).toBe(true));
  if (offered.length > 0) await screen.findByRole('button');
  expect(screen.queryAllByRole('button').map(({ textContent }) => textContent)).toEqual(offered);
});
