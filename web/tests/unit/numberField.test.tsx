import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';

import { FieldInput, type FormValue } from '@/components/fields/FieldInput';
import { measureIn } from '@/lib/format/units';
import type { Field } from '@/lib/wire/kind';

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});
afterEach(() => {
  cleanup();
  measureIn('mm', 'g');
});

const height: Field = {
  name: 'height_mm',
  type: 'decimal',
  label: 'Height',
  group: 'physical',
  required: false,
  filterable: false,
  minimum: 0,
  maximum: 100_000,
  step: null,
  unit: 'mm',
  vocabulary: null,
};

function Form({ field, start, kept }: { field: Field; start: FormValue; kept: FormValue[] }) {
  const [value, setValue] = useState<FormValue>(start);
  const change = (next: FormValue) => {
    kept.push(next);
    setValue(next);
  };
  return (
    <>
      <FieldInput field={field} value={value} onChange={change} />
      <button onClick={() => setValue(7)}>Take theirs</button>
    </>
  );
}

async function typed(keys: string, { field = height, start = null as FormValue } = {}) {
  const kept: FormValue[] = [];
  render(
    <MantineProvider>
      <Form field={field} start={start} kept={kept} />
    </MantineProvider>,
  );
  const input = screen.getByLabelText<HTMLInputElement>('Height');
  await userEvent.type(input, keys);
  return { input, kept: () => kept.at(-1) };
}

test.each([
  ['9.5', 9.5],
  ['0.05', 0.05],
  ['1.0', 1],
  ['10.25', 10.25],
  ['9,5', 9.5],
])('%s typed key by key is kept as %d', async (keys, number) => {
  const { input, kept } = await typed(keys);
  expect(input.value).toBe(`${keys.replace(',', '.')} mm`);
  expect(kept()).toBe(number);
  await userEvent.tab();
  expect(input.value).toBe(`${number} mm`);
  expect(kept()).toBe(number);
});

test('a number without a unit, and one that is corrected', async () => {
  const grade = { ...height, unit: null, minimum: 1, maximum: 10 };
  const { input, kept } = await typed('8.{Backspace}{Backspace}9.5', { field: grade });
  expect(input.value).toBe('9.5');
  expect(kept()).toBe(9.5);
});

test('inches are kept as millimetres and shown as they were typed', async () => {
  measureIn('in', 'g');
  const { input, kept } = await typed('8.05');
  expect(input.value).toBe('8.05 in');
  expect(kept()).toBe(204.47);
  await userEvent.tab();
  expect(input.value).toBe('8.05 in');
  expect(kept()).toBe(204.47);
});

test('an emptied field keeps nothing', async () => {
  const { kept } = await typed('{Backspace}{Backspace}{Backspace}', { start: 9.5 });
  expect(kept()).toBeNull();
});

test('what cannot be is brought to what can when the field is left', async () => {
  const grade = { ...height, unit: null, minimum: 1, maximum: 10 };
  const { input, kept } = await typed('95.', { field: grade });
  await userEvent.tab();
  expect(input.value).toBe('10');
  expect(kept()).toBe(10);
});

test('what comes from outside is shown in place of what was typed', async () => {
  const { input } = await typed('9.');
  await userEvent.click(screen.getByText('Take theirs'));
  expect(input.value).toBe('7 mm');
});
