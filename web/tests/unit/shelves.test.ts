import { expect, test } from 'vitest';

import { placesOf, type Shelf } from '@/lib/shelves/shelves';

const at = (name: string, position: number) => ({ name, position }) as Shelf;
const told = (...order: Shelf[]) => placesOf(order).map(([{ name }, place]) => [name, place]);

test('collections trade places, and none that is not seen loses its own', () => {
  expect(told(at('a', 0), at('b', 3), at('c', 7))).toEqual([]);
  expect(told(at('b', 3), at('a', 0), at('c', 7))).toEqual([
    ['b', 0],
    ['a', 3],
  ]);
});

test('places that several have are spread', () => {
  expect(told(at('b', 0), at('a', 0))).toEqual([['a', 1]]);
});
