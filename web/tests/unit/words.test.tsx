import { render } from '@testing-library/react';
import { expect, test } from 'vitest';

import { guessField, headerOf } from '@/features/catalogue/import/headerOf';
import { readSignal } from '@/components/detection/readSignal';
import { Marked } from '@/features/search/Marked';
import { loginSearch } from '@/app/searchParams';
import { showValue } from '@/components/fields/showValue';
import { likelihood } from '@/components/likelihood';
import type { Share } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import type { Field } from '@/lib/wire/kind';

test('highlights are drawn, markup in a title is not', () => {
  const { container } = render(
    <Marked html={'The <mark>Fool</mark> &lt;img src=x onerror=alert(1)&gt; &amp; co'} />,
  );
  expect(container.textContent).toBe('The Fool <img src=x onerror=alert(1)> & co');
  expect(container.querySelectorAll('mark')).toHaveLength(1);
  expect(container.querySelector('img')).toBeNull();
});

test.each([
  ['/items/1', '/items/1'],
  ['//evil.example', undefined],
  ['https://evil.example', undefined],
])('after log-in %s leads to %s', (next, where) => {
  expect(loginSearch({ next })).toEqual({ next: where });
});

test('a header is read with any separator, quotes and a byte order mark', async () => {
  expect(await headerOf(new Blob(['\uFEFFTitle;"Year; printed";ISBN\nx;y;z']))).toEqual([
    'Title',
    'Year; printed',
    'ISBN',
  ]);
  expect(guessField('Year Printed', [{ name: 'year', label: 'Year' }])).toBeNull();
  expect(guessField('Set code', [{ name: 'set_code', label: 'Code' }])).toBe('set_code');
});

test.each([
  [0.99, 'veryLikely'],
  [0.95, 'veryLikely'],
  [0.8, 'likely'],
  [0.5, 'possible'],
  [0, 'unlikely'],
])('%f is %s', (score, word) => {
  expect(likelihood(score as Share)).toBe(word);
});

test('a signal that was not measured says nothing', () => {
  expect(readSignal('picture', null)).toBeNull();
  expect(readSignal('something_new', 0.4 as Share)).toBeNull();
  expect(readSignal('picture', { score: 0.9 as Share, inliers: 40, id: null })).toEqual({
    name: 'picture',
    score: 0.9,
    share: null,
    facts: [{ fact: 'inliers', value: 40 }],
  });
});

test('values are told with their words and units', () => {
  const words = { yes: 'Yes', no: 'No' };
  const binding = {
    vocabulary: { terms: [{ value: 'full_leather', label: 'Full leather' }] },
    unit: null,
  };
  expect(showValue(binding as Field, 'full_leather', words)).toBe('Full leather');
  expect(showValue({ vocabulary: null, unit: 'mm' } as Field, 210, words)).toBe('210 mm');
  expect(showValue(undefined, false, words)).toBe('No');
  expect(showValue(undefined, null, words)).toBe('');
});

test('time is told as people tell it', () => {
  const now = Date.UTC(2026, 0, 2, 12);
  expect(formatAgo(now - 30_000, 'just now', now)).toBe('just now');
  expect(formatAgo(now - 3 * 3_600_000, 'just now', now)).toBe('3 hours ago');
  expect(formatAgo(now - 86_400_000, 'just now', now)).toBe('yesterday');
});
