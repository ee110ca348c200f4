import { expect, test } from 'vitest';

import { carryOver } from '@/features/item/private/carryOver';
import { readAmount } from '@/lib/format/money';

test.each([
  ['1.500', 'KWD', 'EUR', '1.50'],
  ['1,234.50', 'EUR', 'KWD', '1,234.500'],
  ['1,234', 'JPY', 'EUR', '1,234.00'],
  ['1.234,00', 'EUR', 'JPY', '1,234'],
  ['12.50', 'EUR', 'USD', '12.50'],
  ['', 'EUR', 'KWD', ''],
  ['abc', 'EUR', 'KWD', 'abc'],
])('%s %s in %s is %s', (text, from, to, carried) => {
  expect(carryOver(text, from, to)).toBe(carried);
});

test.each([
  ['1.234', 'KWD', 'EUR'],
  ['12.50', 'EUR', 'JPY'],
])('%s %s cannot be told in %s, and comes back', (text, from, to) => {
  const carried = carryOver(text, from, to);
  expect(readAmount(carried, to)).toBe('unclear');
  expect(readAmount(carryOver(carried, to, from), from)).toBe(readAmount(text, from));
});
