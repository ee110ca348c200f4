import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { Palette } from '@/features/palette/Palette';
import { forgetBeingHere } from '@/lib/session/wasHere';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  forgetBeingHere();
});

test('a theme chosen in the palette is kept with the account', async () => {
  const me = { id: 'ada', space_role: 'owner', preferences: { currency: 'EUR', theme: 'light' } };
  const requests = serve(({ url }) => Response.json(url.endsWith('/me') ? me : []));
  await show(<Palette />, [[['me'], me]]);
  fireEvent.click(await screen.findByText('Dark theme'));
  const sent = await vi.waitFor(() => {
    const change = requests.find(({ method }) => method === 'PATCH');
    if (change === undefined) throw new Error('nothing was sent');
    return change;
  });
  expect(await sent.json()).toEqual({ preferences: { currency: 'EUR', theme: 'dark' } });
});
