import type { Share } from '@/lib/brand';
import type { Signal } from '@/lib/wire/scan';

const LABELS = [
  'picture',
  'name',
  'creator',
  'identifiers',
  'text_explained',
  'number_differs',
] as const;

const FACTS = [
  'inliers',
  'coverage',
  'agreement',
  'similarity',
  'hash_distance',
  'share',
  'letters',
  'note',
] as const;

export interface ReadSignal {
  name: (typeof LABELS)[number];
  /** A calibrated probability. */
  score: Share | null;
  /** How much of it was found again, which is no probability. */
  share: Share | null;
  facts: { fact: (typeof FACTS)[number]; value: number | string }[];
}

/** A signal as the server wrote it, made ready to be told; null when we have no word for it. */
export function readSignal(key: string, signal: Signal): ReadSignal | null {
  const name = LABELS.find((known) => known === key);
  if (name === undefined || signal === null) return null;
  const read: ReadSignal = { name, score: null, share: null, facts: [] };
  if (typeof signal === 'number')
    return { ...read, share: signal, facts: [{ fact: 'share', value: signal }] };
  if (typeof signal !== 'object') return read;
  if (Array.isArray(signal))
    return { ...read, facts: [{ fact: 'note', value: signal.join(', ') }] };
  const facts = FACTS.flatMap((fact) => {
    const value = signal[fact];
    return typeof value === 'number' || typeof value === 'string' ? [{ fact, value }] : [];
  });
  const share = typeof signal.share === 'number' ? (signal.share as Share) : null;
  return { ...read, score: signal.score ?? null, share, facts };
}

const WORDS = [
  [0.95, 'full'],
  [0.6, 'mostly'],
  [0.25, 'partly'],
  [0, 'hardly'],
] as const;

/** The word for how much of something was found again. */
export function matchWord(share: Share): (typeof WORDS)[number][1] {
  return WORDS.find(([from]) => share >= from)?.[1] ?? 'hardly';
}
