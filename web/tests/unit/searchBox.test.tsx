import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { show, stubBrowser } from '../show';

import { SearchBox } from '@/features/search/SearchBox';

beforeEach(stubBrowser);
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A page whose address follows what is searched for, later than it is asked to. */
function Page() {
  const [q, setQ] = useState('');
  return (
    <>
      <SearchBox value={q} onSearch={(next) => setTimeout(() => setQ(next), 100)} />
      <button onClick={() => setQ('')}>Back</button>
      <button onClick={() => setQ('abc')}>Forward</button>
      <p>{`for ${q}`}</p>
    </>
  );
}

const box = () => screen.getByLabelText<HTMLInputElement>('Search your collection');
const type = (text: string) => fireEvent.change(box(), { target: { value: text } });
const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test('letters typed while the address follows are kept', async () => {
  await show(<Page />);
  vi.useFakeTimers();
  type('ab');
  await wait(200);
  type('abc');
  await wait(100);
  screen.getByText('for ab');
  expect(box().value).toBe('abc');
  await wait(200);
  screen.getByText('for abc');
});

test('going back and forth is followed', async () => {
  await show(<Page />);
  vi.useFakeTimers();
  type('abc');
  await wait(300);
  fireEvent.click(screen.getByText('Back'));
  expect(box().value).toBe('');
  fireEvent.click(screen.getByText('Forward'));
  expect(box().value).toBe('abc');
});
