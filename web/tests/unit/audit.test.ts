import { afterEach, describe, expect, test } from 'vitest';

import { factsOf, idsIn, instantsOf, shortId, type Words } from '@/components/audit/words';
import { tellTimeIn } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';

const ADA = '01a1f905-3f8c-776b-b8f8-23569ad383e0';
const words: Words = {
  change: (before, after) => `${before} → ${after}`,
  nothing: 'nothing',
  yes: 'yes',
  no: 'no',
  nameOf: (id) => (id === ADA ? 'Ada' : null),
};
const told = (detail: Record<string, unknown>) =>
  factsOf(detail, words).map(({ label, text }) => `${label}: ${text}`);

afterEach(() => tellTimeIn(undefined));

describe('details of an entry', () => {
  test('say what it was and what it is', () => {
    expect(told({ role: ['viewer', 'editor'], storage_bytes: [null, 1_500_000_000] })).toEqual([
      'Role: viewer → editor',
      'Storage: nothing → 1.5 GB',
    ]);
  });

  test('pair what stood before with what came', () => {
    expect(told({ before: 'user', role: 'admin', by: 'groups' })).toEqual([
      'Role: user → admin',
      'By: groups',
    ]);
    expect(told({ removed: 3, before: '2026-01-01' })).toEqual([
      'Before: 2026-01-01',
      'Removed: 3',
    ]);
  });

  test('name people instead of their ids, and shorten the rest', () => {
    const other = ADA.replace('ad383e0', '0000000');
    expect(told({ user: ADA, session: other })).toEqual([
      'User: Ada',
      `Session: …${other.slice(-8)}`,
    ]);
    expect(shortId('iPhone')).toBe('iPhone');
  });

  test('are words for every kind of value', () => {
    expect(told({ undone: true, sees_money: false, count: 1200, by: 'the_operator' })).toEqual([
      'Undone: yes',
      'Sees money: no',
      'Count: 1,200',
      'By: the operator',
    ]);
    expect(told({ names: ['a', 'b', 'c'], none: [], deep: { a: 1 } })).toEqual([
      'Names: a, b, c',
      'None: nothing',
      'Deep: {"a":1}',
    ]);
  });
});

test('ids are asked for once each', () => {
  const entry = {
    actor: ADA,
    impersonator: null,
    space_id: ADA,
    target_id: 'x',
    detail: { user: ADA },
  };
  expect(idsIn([entry, entry])).toEqual([ADA]);
});

test('days include both ends', () => {
  const { after, before } = instantsOf({ from: '2026-03-01', to: '2026-03-01' });
  expect(Date.parse(before ?? '') - Date.parse(after ?? '')).toBe(24 * 60 * 60 * 1000);
  expect(instantsOf({ from: 'yesterday' })).toEqual({});
});

test.each([
  ['Pacific/Auckland', '2026-03-01', '2026-02-28T11:00', '2026-03-01T11:00'],
  ['America/Los_Angeles', '2026-03-08', '2026-03-08T08:00', '2026-03-09T07:00'],
  ['Pacific/Auckland', '2026-04-05', '2026-04-04T11:00', '2026-04-05T12:00'],
  ['America/Santiago', '2026-09-06', '2026-09-06T04:00', '2026-09-07T03:00'],
  ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00', '2026-04-24T21:00'],
])('in %s %s is the day that times are told of', (zone, day, after, before) => {
  tellTimeIn(zone);
  const told = instantsOf({ from: day, to: day });
  expect([told.after, told.before]).toEqual([`${after}:00.000Z`, `${before}:00.000Z`]);
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1500, '1.5 kB'],
  [2_000_000_000_000, '2 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});
