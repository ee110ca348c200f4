import { expect, test } from 'vitest';

import { justify } from '@/features/collection/views/justify';

const wall = { width: 1000, height: 200, gap: 10 };

test('every full row is exactly as wide as the wall and keeps proportions', () => {
  const ratios = [0.6, 1.5, 0.7, 1, 2, 0.66, 1.4, 0.75, 1.1, 0.6];
  const rows = justify(ratios, (ratio) => ratio, wall);
  expect(rows.flatMap((row) => row.cells.map((cell) => cell.thing))).toEqual(ratios);
  for (const row of rows.slice(0, -1)) {
    const width =
      row.cells.reduce((sum, cell) => sum + cell.width, 0) + 10 * (row.cells.length - 1);
    expect(width).toBeCloseTo(1000);
    for (const { thing, width: cell } of row.cells) expect(cell / row.height).toBeCloseTo(thing);
  }
});

test('the last row is not blown up to fill the wall', () => {
  const rows = justify([1], (ratio) => ratio, wall);
  expect(rows).toEqual([{ height: 200, cells: [{ thing: 1, width: 200 }] }]);
});

test('a panorama is made to fit', () => {
  const [row] = justify([10], (ratio) => ratio, wall);
  expect(row?.height).toBe(100);
});
