import { expect, test } from 'vitest';

import { isKept } from '@/lib/offline/isKept';

test.each([
  ['/api/v1/media/1/256', 'image', true],
  ['/api/v1/media/1/display', 'image', true],
  ['/api/v1/media/1/original', 'image', false],
  ['/api/v1/media/1/256', '', false],
  ['/icons/icon-192.png', 'image', false],
] as const)('%s as %s is kept for later: %s', (path, destination, kept) => {
  expect(isKept({ url: new URL(path, 'http://armarium.home'), request: { destination } })).toBe(
    kept,
  );
});
