import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Tray } from '@/features/scan/tray/Tray';
import { database, type Shot } from '@/lib/storage/database';
import { serve, show, stubBrowser } from '../show';

beforeEach(async () => {
  stubBrowser();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      observe = () => undefined;
      disconnect = () => undefined;
    },
  );
  URL.createObjectURL = () => 'blob:shot';
  await database.shots.clear();
});
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await database.shots.clear();
});

const sent = (id: string, more: Partial<Shot>): Shot => ({
  id,
  owner: 'ada',
  picture: new Blob(['x']),
  name: `${id}.jpg`,
  taken: 1,
  kind: null,
  catalogue: null,
  state: 'sent',
  scanId: id,
  reason: null,
  ...more,
});

const done = { id: 'fresh', status: 'done', detections: [{ state: 'accepted' }] };

test('only what the server has not finished is asked for, once', async () => {
  const settled = { all: 2, kept: 2, open: 0 };
  await database.shots.bulkAdd([sent('settled', { found: settled }), sent('fresh', {})]);
  const seen = serve(() => Response.json(done));
  await show(<Tray />, [[['me'], { space_id: 'ada' }]]);
  expect(await screen.findByText('2 things found')).toBeTruthy();
  expect(await screen.findByText('1 thing found')).toBeTruthy();
  const scans = () => seen.filter(({ url }) => url.includes('/scans/')).map(({ url }) => url);
  expect(scans()).toEqual([expect.stringContaining('/scans/fresh')]);
  await vi.waitFor(async () =>
    expect(await database.shots.get('fresh')).toMatchObject({
      found: { all: 1, kept: 1, open: 0 },
    }),
  );

  cleanup();
  await show(<Tray />, [[['me'], { space_id: 'ada' }]]);
  expect(await screen.findByText('1 thing found')).toBeTruthy();
  expect(scans()).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Clear finished' }));
  await vi.waitFor(async () => expect(await database.shots.count()).toBe(0));
});
