import { expect, test } from 'vitest';

import { clashes, difference, type RecordValues } from '@/features/item/record/difference';

const base: RecordValues = {
  title: 'Poems',
  tags: ['shelf 3'],
  notes: '',
  quantity: 1,
  fields: { year: '1866', authors: ['Swinburne'] },
  own_fields: {},
};

test('nothing changed sends nothing', () => {
  expect(difference(base, structuredClone(base))).toEqual({});
});

test('only what changed is sent, and a blanked field as null', () => {
  const after = { ...base, fields: { ...base.fields, year: null, place: 'London' }, tags: [] };
  expect(difference(base, after)).toEqual({ fields: { year: null, place: 'London' }, tags: [] });
});

test('an emptied title asks for the one of the template', () => {
  expect(difference(base, { ...base, title: ' ' })).toEqual({ title: null });
});

test('both sides changing different fields is no clash, the same field is', () => {
  const theirs = { ...base, fields: { ...base.fields, place: 'London' } };
  const mine = { ...base, fields: { ...base.fields, year: '1867' } };
  expect(clashes(base, theirs, mine)).toEqual([]);
  const alsoYear = { ...base, fields: { ...base.fields, year: '1865' } };
  expect(clashes(base, alsoYear, mine)).toEqual([{ name: 'year', theirs: '1865', mine: '1867' }]);
});
