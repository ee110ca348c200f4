import type { Share } from '@/lib/brand';
import type { Signal } from '@/lib/wire/scan';

const LABELS = [
  'picture',
  'hash',
  'embedding',
  'identifier',
  'identifiers',
  'number',
  'name',
  'title',
  'text',
  'set',
  'creator',
  'creators',
  'year',
] as const;

const FACTS = ['inliers', 'coverage', 'agreement', 'similarity', 'hash_distance', 'note'] as const;

export interface ReadSignal {
  name: string;
  /** Null where we have no word for the signal and its bare name is shown. */
  label: (typeof LABELS)[number] | null;
  score: Share | null;
  facts: { fact: (typeof FACTS)[number]; value: number | string }[];
}

/** A signal as the server wrote it, made ready to be told; null when it says nothing. */
export function readSignal(name: string, signal: Signal): ReadSignal | null {
  if (signal === null) return null;
  const label = LABELS.find((known) => known === name) ?? null;
  if (typeof signal === 'number') return { name, label, score: signal, facts: [] };
  if (typeof signal === 'string')
    return { name, label, score: null, facts: [{ fact: 'note', value: signal }] };
  const facts = FACTS.flatMap((fact) => {
    const value = signal[fact];
    return typeof value === 'number' || typeof value === 'string' ? [{ fact, value }] : [];
  });
  return { name, label, score: signal.score ?? null, facts };
}
