import { describe, expect, test } from 'vitest';

import { readAmount, writeAmount } from '@/lib/format/money';

describe('an amount is read as it was meant', () => {
  test.each([
    ['12,50', 1250],
    ['12.50', 1250],
    ['12.5', 1250],
    ['.5', 50],
    ['12', 1200],
    ['1250', 125_000],
    ['1.234,56', 123_456],
    ['1,234.56', 123_456],
    ['1,234', 123_400],
    ['1.234', 123_400],
    ['1.234.567', 123_456_700],
    ['1 234,56', 123_456],
    ['1\u00a0234,56\u00a0€', 123_456],
    ["1'234.50", 123_450],
    ['€12.50', 1250],
    ['12,50 EUR', 1250],
    ['0', 0],
  ])('%s', (text, minor) => {
    expect(readAmount(text, 'EUR')).toBe(minor);
  });
});

test.each(['-5', '−12,50', '(3)', '-€5', '€ -5'])('%s is below zero', (text) => {
  expect(readAmount(text, 'EUR')).toBe('negative');
});

test.each([
  '',
  'abc',
  '12.',
  '1,2,3',
  '12,3456',
  '0,123',
  '1234,567',
  '1.234.56',
  '1.23,456',
  '1,234.567',
  '$12.50',
  '12.50 USD',
  '1e3',
  '12-50',
])('%s is not sure', (text) => {
  expect(readAmount(text, 'EUR')).toBe('unclear');
});

test('yen have no smaller unit, dinars have three digits of it', () => {
  expect(readAmount('1,234', 'JPY')).toBe(1234);
  expect(readAmount('12,50', 'JPY')).toBe('unclear');
  expect(readAmount('1.500', 'KWD')).toBe(1500);
  expect(readAmount('1,5', 'KWD')).toBe(1500);
});

test('what a field shows is read back as the same', () => {
  for (const currency of ['EUR', 'JPY', 'KWD'])
    for (const amount_minor of [0, 5, 1250, 123_456, 123_456_789]) {
      const money = { amount_minor, currency };
      expect(readAmount(writeAmount(money), currency)).toBe(amount_minor);
    }
});
