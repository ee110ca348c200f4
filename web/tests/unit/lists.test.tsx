import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { serve, show, stubBrowser } from '../show';

import { MorePage } from '@/app/shell/MorePage';
import { ShareForm } from '@/components/sharing/ShareForm';
import { JobRow } from '@/features/jobs/JobRow';
import { FieldRow } from '@/features/settings/fields/FieldRow';
import { moved } from '@/features/settings/fields/moved';
import { Offers } from '@/features/settings/spaces/Offers';
import type { OwnField } from '@/lib/ownFields/ownFields';

const me = {
  id: 'ada',
  space_id: 'club',
  space_role: 'viewer',
  is_admin: true,
  impersonator: null,
  permissions: [],
  preferences: {},
};
const owner = { ...me, space_id: 'ada', space_role: 'owner' };

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const refuse = () => Response.json({ code: 'broken', detail: 'Broken.' }, { status: 500 });
const field = (label: string, position: number) =>
  ({ id: label, label, position, kind: null, type: 'text' }) as unknown as OwnField;

test('a list that cannot be loaded is not told as empty', async () => {
  serve(refuse);
  await show(<Offers spaceId="club" name="Club" />);
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeTruthy();
});

test('administrators send a failed job round where they may only look', async () => {
  const asked = serve(({ method }) => Response.json(method === 'POST' ? { id: 'again' } : []));
  const job = {
    id: 'job',
    name: 'x',
    status: 'failed',
    attempts: 3,
    progress: null,
    created_at: '2026-11-20',
  };
  await show(<JobRow job={job as never} dead />, [
    [['me'], me],
    [['spaces'], []],
  ]);
  const [again] = await screen.findAllByRole('button');
  if (again) fireEvent.click(again);
  await vi.waitFor(() =>
    expect(asked.find(({ method }) => method === 'POST')?.headers.get('X-Space')).toBe('ada'),
  );
});

test('the acts of the last tab are reached by keyboard', async () => {
  serve(() => Response.json([]));
  await show(<MorePage />, [
    [['me'], owner],
    [['spaces'], []],
  ]);
  expect((await screen.findByRole('button', { name: 'Log out' })).tagName).toBe('BUTTON');
});

test('a password that is too short for a link is told before it is sent', async () => {
  const asked = serve(() => Response.json([]));
  await show(
    <ShareForm
      targets={[{ target: 'item', id: 'x', name: 'X' }]}
      onMade={vi.fn()}
      onCancel={vi.fn()}
    />,
    [
      [['me'], owner],
      [['spaces'], []],
    ],
  );
  const password = await screen.findByLabelText('Password of the link');
  fireEvent.change(password, { target: { value: 'abc' } });
  fireEvent.click(screen.getByRole('button', { name: 'Make the link' }));
  await vi.waitFor(() => expect(screen.getAllByText(/At least 4 characters/)).toHaveLength(2));
  expect(asked.filter(({ method }) => method === 'POST')).toEqual([]);
});

test('a refused name of a field stays written', async () => {
  serve(refuse);
  await show(
    <ul>
      <FieldRow field={field('Shelf', 1)} onUp={null} onDown={null} />
    </ul>,
    [
      [['me'], owner],
      [['spaces'], []],
      [['kinds'], []],
    ],
  );
  fireEvent.click(await screen.findByRole('button', { name: /rename/i }));
  const name = screen.getByRole('textbox');
  fireEvent.change(name, { target: { value: 'Board' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.getByDisplayValue('Board')).toBeTruthy();
});

test('fields of one position trade places all the same', () => {
  const all = [field('a', 1), field('b', 1), field('c', 1)];
  expect(moved(all, 1, 0)).toEqual([
    { id: 'a', position: 2 },
    { id: 'c', position: 3 },
  ]);
  expect(moved([field('a', 1), field('b', 5)], 0, 1)).toEqual([
    { id: 'b', position: 1 },
    { id: 'a', position: 5 },
  ]);
  expect(moved(all, 0, -1)).toEqual([]);
});
