import { expect, test } from 'vitest';

import { meets, missing } from '@/components/password/rules';

test.each([
  ['Armarium-1867', true],
  ['Armarium1867', false], // nothing special
  ['armarium-1867', false], // no upper case
  ['ARMARIUM-1867', false], // no lower case
  ['Armarium-book', false], // no number
  ['Ab-1', false], // too short
  ['Ärmarium-1867', true],
])('%s is accepted: %s', (password, accepted) => {
  expect(missing(password).length === 0).toBe(accepted);
});

test('a space is nothing special', () => {
  expect(meets('special', 'a b')).toBe(false);
});
