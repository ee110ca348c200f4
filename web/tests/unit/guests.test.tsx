import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { ForEditors } from '@/components/states/ForEditors';
import { NewItemForm } from '@/features/item/NewItemForm';
import { TrashedBanner } from '@/features/item/TrashedBanner';
import { Palette } from '@/features/palette/Palette';
import { SharingPage } from '@/features/settings/sharing/SharingPage';
import { forgetBeingHere } from '@/lib/session/wasHere';
import type { Item } from '@/lib/wire/item';
import type { Kind } from '@/lib/wire/kind';

beforeEach(() => {
  stubBrowser();
  Element.prototype.scrollIntoView = () => undefined;
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  forgetBeingHere();
});

const SHELVES = [
  { id: 'first', name: 'First editions' },
  { id: 'hall', name: 'The hall' },
  { id: 'else', name: 'Of somebody else' },
];

/** Somebody with this role in a space, let into these collections of it alone, or a member. */
function seated(role: string, collections: string[]): [readonly unknown[], unknown][] {
  const me = { id: 'ada', space_id: 'house', space_role: role };
  const here = { id: 'house', role, collections, sees_money: false };
  serve(({ url }) => {
    if (url.endsWith('/me')) return Response.json(me);
    if (url.endsWith('/collections')) return Response.json(SHELVES);
    return Response.json(url.endsWith('/spaces') ? [here] : []);
  });
  return [
    [['me'], me],
    [['spaces'], [here]],
    [['collections'], SHELVES],
  ];
}

test.each([
  ['a member', [], true],
  ['a guest', ['first'], false],
])('%s and the ways to the scan', async (_who, collections, scans) => {
  await show(
    <>
      <Palette />
      <ForEditors arranging>
        <p>the camera</p>
      </ForEditors>
      <ForEditors>
        <p>a form</p>
      </ForEditors>
    </>,
    seated('editor', collections),
  );
  expect(await screen.findByText('Add an item by hand')).toBeTruthy();
  expect(screen.queryByText('Scan') !== null).toBe(scans);
  expect(screen.queryByText('Review') !== null).toBe(scans);
  expect(screen.queryByText('the camera') !== null).toBe(scans);
  expect(screen.getByText('a form')).toBeTruthy();
});

test('only members are offered to erase what is in the trash', async () => {
  const item = { id: 'thing', deleted_at: '2026-11-01T00:00:00Z' } as unknown as Item;
  const trash: [readonly unknown[], unknown] = [['trash'], 30];
  await show(<TrashedBanner item={item} />, [...seated('editor', ['first']), trash]);
  expect(await screen.findByText('Put it back')).toBeTruthy();
  expect(screen.queryByText('Delete for good')).toBeNull();
  cleanup();
  await show(<TrashedBanner item={item} />, [...seated('editor', []), trash]);
  expect(await screen.findByText('Delete for good')).toBeTruthy();
});

test('a guest of several collections says which one a new thing enters', async () => {
  const requests: Request[] = [];
  const known = seated('editor', ['first', 'hall']);
  const answer = globalThis.fetch;
  vi.stubGlobal('fetch', (request: Request) => {
    requests.push(request);
    if (request.method === 'POST') return Promise.resolve(Response.json({ id: 'new' }));
    return answer(request);
  });
  const kind: Kind = { name: 'card', label: 'Card', collection_path: '/cards', fields: [] };
  await show(<NewItemForm kind={kind} entry={null} />, [...known, [['fields'], []]]);
  fireEvent.click(await screen.findByRole('combobox', { name: 'Collection' }));
  expect(screen.queryByText('Of somebody else')).toBeNull();
  fireEvent.click(await screen.findByRole('option', { name: 'The hall', hidden: true }));
  fireEvent.click(screen.getByText('Put it on the shelf'));
  const sent = await vi.waitFor(() => {
    const create = requests.find(({ method }) => method === 'POST');
    if (create === undefined) throw new Error('nothing was sent');
    return create;
  });
  expect(await sent.json()).toMatchObject({ kind: 'card', collections: ['hall'] });
});

test('only the owner is offered a link to everything', async () => {
  const shares: [readonly unknown[], unknown] = [['shares'], []];
  const choices = async (role: string) => {
    await show(<SharingPage />, [...seated(role, []), shares]);
    fireEvent.click(await screen.findByRole('button', { name: 'New link' }));
    const names = (await screen.findAllByRole('option')).map(({ textContent }) => textContent);
    cleanup();
    return names.includes('Everything here');
  };
  expect(await choices('owner')).toBe(true);
  expect(await choices('editor')).toBe(false);
});
