import { useRouterState } from '@tanstack/react-router';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { show, stubBrowser } from '../show';

import { useHotkeys } from '@/app/shell/useHotkeys';

beforeEach(stubBrowser);
afterEach(cleanup);

function Page({ dialog = false }: { dialog?: boolean }) {
  const { paletteWanted } = useHotkeys();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <>
      <p>{`${path}${paletteWanted ? ' palette' : ''}`}</p>
      <input aria-label="Title" />
      {dialog && <div role="dialog" />}
    </>
  );
}

async function press(keys: KeyboardEventInit, target: Element = document.body) {
  const leftToTheBrowser = fireEvent.keyDown(target, keys);
  await act(() => new Promise((later) => setTimeout(later, 20)));
  return { leftToTheBrowser, at: screen.getByText(/^\//).textContent };
}

test.each([
  ['on an English layout', {}],
  ['above a digit, as on a German layout', { shiftKey: true }],
])('a slash leads to the search, %s', async (_, held) => {
  await show(<Page />);
  expect(await press({ key: '/', ...held })).toEqual({ leftToTheBrowser: false, at: '/search' });
});

test('a slash is a letter in a field, and leads nowhere from a dialog', async () => {
  await show(<Page dialog />);
  const stays = { leftToTheBrowser: true, at: '/' };
  expect(await press({ key: '/' }, screen.getByLabelText('Title'))).toEqual(stays);
  expect(await press({ key: '/' })).toEqual(stays);
});

test('the chord opens the palette', async () => {
  await show(<Page />);
  expect(await press({ key: 'k' })).toEqual({ leftToTheBrowser: true, at: '/' });
  const opened = { leftToTheBrowser: false, at: '/ palette' };
  expect(await press({ key: 'k', ctrlKey: true })).toEqual(opened);
});
