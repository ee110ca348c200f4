import { expect, test } from 'vitest';

import { cut } from '@/features/review/focus/cut';
import type { Box } from '@/lib/wire/scan';

const box = [
  [0, 0],
  [100, 0],
  [100, 200],
  [0, 200],
] as unknown as Box;

test('side by side', () => {
  const [left, right] = cut(box, 'across', 0.25);
  expect(left).toEqual([
    [0, 0],
    [25, 0],
    [25, 200],
    [0, 200],
  ]);
  expect(right).toEqual([
    [25, 0],
    [100, 0],
    [100, 200],
    [25, 200],
  ]);
});

test('one above the other', () => {
  const [top, bottom] = cut(box, 'down', 0.5);
  expect(top).toEqual([
    [0, 0],
    [100, 0],
    [100, 100],
    [0, 100],
  ]);
  expect(bottom).toEqual([
    [0, 100],
    [100, 100],
    [100, 200],
    [0, 200],
  ]);
});
