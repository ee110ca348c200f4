import type { Pixels } from '@/lib/brand';
import type { Box, Corner } from '@/lib/wire/scan';

export type Direction = 'across' | 'down';

const between = (from: Corner, to: Corner, share: number): Corner => [
  (from[0] + (to[0] - from[0]) * share) as Pixels,
  (from[1] + (to[1] - from[1]) * share) as Pixels,
];

/**
 * Cuts a box in two along a line at `share` (0 to 1) of it. Corners run clockwise from the top left;
 * `across` puts the parts side by side, `down` one above the other.
 */
export function cut(
  [topLeft, topRight, bottomRight, bottomLeft]: Box,
  direction: Direction,
  share: number,
): [Box, Box] {
  if (direction === 'across') {
    const top = between(topLeft, topRight, share);
    const bottom = between(bottomLeft, bottomRight, share);
    return [
      [topLeft, top, bottom, bottomLeft],
      [top, topRight, bottomRight, bottom],
    ];
  }
  const left = between(topLeft, bottomLeft, share);
  const right = between(topRight, bottomRight, share);
  return [
    [topLeft, topRight, right, left],
    [left, right, bottomRight, bottomLeft],
  ];
}
