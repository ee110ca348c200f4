import { cleanup, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type ReactNode, useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { CorrectEntry } from '@/features/catalogue/edit/CorrectEntry';
import { EditShelf } from '@/features/collection/shelves/EditShelf';
import { CostForm } from '@/features/item/private/CostForm';
import { DetailsForm } from '@/features/item/private/DetailsForm';
import { PublicForm } from '@/features/settings/open/PublicForm';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const done = () => undefined;
const money = (amount_minor: number) => ({
  amount_minor,
  fees_minor: 0,
  currency: 'EUR',
  acquired_on: null,
  source: '',
});
const item = (version: number, cost: object | null) =>
  ({ item: { id: 'i1', cost }, etag: `W/"${version}"` }) as never;
const details = (version: number, note: string) =>
  ({ details: { insurance_policy: '', storage_place: '', note }, etag: `W/"${version}"` }) as never;
const shelf = (version: number, name: string) =>
  ({
    id: 'c1',
    version,
    name,
    description: '',
    visibility: 'space',
    cover_media_id: null,
  }) as never;
const entry = (version: number, title: string) =>
  ({ id: 'e1', version, title, fields: {}, catalogue: 'Base Set', kind: 'card' }) as never;
const profile = (version: number, about: string) =>
  ({ handle: 'ada', display_name: '', about, is_public: false, version }) as never;
const kind = { name: 'card', fields: [] } as never;

/** Each form, as it is first drawn, after others changed something else, and after they changed it. */
const forms: Record<string, [first: ReactNode, else_: ReactNode, same: ReactNode]> = {
  'a price': [
    <CostForm versioned={item(1, money(5))} onDone={done} />,
    <CostForm versioned={item(2, money(5))} onDone={done} />,
    <CostForm versioned={item(3, money(9))} onDone={done} />,
  ],
  'private details': [
    <DetailsForm id={'i1' as never} versioned={details(1, 'a')} onDone={done} />,
    <DetailsForm id={'i1' as never} versioned={details(2, 'a')} onDone={done} />,
    <DetailsForm id={'i1' as never} versioned={details(3, 'b')} onDone={done} />,
  ],
  'a collection': [
    <EditShelf shelf={shelf(1, 'Novels')} onClose={done} />,
    <EditShelf shelf={shelf(2, 'Novels')} onClose={done} />,
    <EditShelf shelf={shelf(3, 'Stories')} onClose={done} />,
  ],
  'a correction': [
    <CorrectEntry entry={entry(1, 'Abra')} kind={kind} onDone={done} />,
    <CorrectEntry entry={entry(2, 'Abra')} kind={kind} onDone={done} />,
    <CorrectEntry entry={entry(3, 'Kadabra')} kind={kind} onDone={done} />,
  ],
};

function Moving({ states }: { states: readonly ReactNode[] }) {
  const [at, setAt] = useState(0);
  return (
    <>
      {states[at]}
      <button onClick={() => setAt((now) => now + 1)}>Read anew</button>
    </>
  );
}

/** The page reads anew what stands there; a dialog lies over the rest of it. */
const readAnew = () => fireEvent.click(screen.getByText('Read anew'));

const answer = ({ method, url }: Request) =>
  method === 'GET'
    ? Response.json(url.includes('/items?') ? [] : { title: null, fields: {}, note: '' })
    : new Response('{"code":"precondition_failed"}', { status: 412 });

async function sent(requests: Request[]): Promise<string | null> {
  await userEvent.click(await screen.findByRole('button', { name: 'Save', hidden: true }));
  const sent = await vi.waitFor(() => {
    const found = requests.find(({ method }) => method !== 'GET');
    if (found === undefined) throw new Error('nothing was sent');
    return found;
  });
  return sent.headers.get('If-Match');
}

test.each(Object.entries(forms))(
  '%s that others changed while its form was open is not written over',
  async (_, states) => {
    const requests = serve(answer);
    await show(<Moving states={states} />, [[['me'], { preferences: {} }]]);
    await screen.findByRole('button', { name: 'Save', hidden: true });
    readAnew();
    readAnew();
    expect(await sent(requests)).toBe('W/"2"');
  },
);

test.each(Object.entries(forms))(
  '%s is saved although others changed the rest',
  async (_, states) => {
    const requests = serve(answer);
    await show(<Moving states={states} />, [[['me'], { preferences: {} }]]);
    await screen.findByRole('button', { name: 'Save', hidden: true });
    readAnew();
    expect(await sent(requests)).toBe('W/"2"');
  },
);

test('a public page that another window changed is not written over, and an own save goes on', async () => {
  const requests = serve(() => Response.json(profile(7, 'mine')));
  await show(
    <Moving
      states={[<PublicForm profile={profile(1, 'a')} />, <PublicForm profile={profile(2, 'b')} />]}
    />,
  );
  readAnew();
  const about = screen.getByLabelText('About you');
  for (const word of ['mine', 'again']) {
    await userEvent.type(about, word);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    await vi.waitFor(() =>
      expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true),
    );
  }
  expect(requests.map(({ headers }) => headers.get('If-Match'))).toEqual(['W/"1"', 'W/"7"']);
});
