import type { Share } from '@/lib/brand';

const WORDS = [
  [0.95, 'veryLikely'],
  [0.75, 'likely'],
  [0.4, 'possible'],
  [0, 'unlikely'],
] as const;

/** The word for a probability. */
export function likelihood(score: Share): (typeof WORDS)[number][1] {
  return WORDS.find(([from]) => score >= from)?.[1] ?? 'unlikely';
}
