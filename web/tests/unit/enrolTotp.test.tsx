import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { EnrolTotp } from '@/components/secondFactor/EnrolTotp';
import { staleBy } from '@/lib/events/staleness';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('the secret that is being scanned stays, whatever else is asked for anew', async () => {
  let made = 0;
  const requests = serve(() => Response.json({ qr_svg: '<svg/>', secret: `SECRET${++made}` }));
  const client = await show(<EnrolTotp onDone={() => undefined} />);
  await screen.findByText('SECR ET1');
  vi.useFakeTimers();
  staleBy(client)(null);
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  expect(requests).toHaveLength(1);
  expect(screen.getByText('SECR ET1')).toBeTruthy();
});
