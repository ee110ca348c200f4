import { type Me, useMe } from './session';

import { tellTimeIn } from '@/lib/format/format';
import { type Length, lengths, measureIn, type Weight, weights } from '@/lib/format/units';

export const schemes = ['light', 'dark', 'auto'] as const;
export type Scheme = (typeof schemes)[number];

/** What a person chose for themselves on every device; the server keeps it as it is sent. */
export interface Preferences {
  /** Proposed for new prices. */
  currency: string;
  /** Null is the zone of the device. */
  time_zone: string | null;
  length: Length;
  weight: Weight;
  /** Null where only this device knows. */
  theme: Scheme | null;
}

/** Reads tolerantly: another program may have written anything. */
export function preferencesOf({ preferences }: Pick<Me, 'preferences'>): Preferences {
  const { currency, time_zone, length, weight, theme } = preferences;
  return {
    currency: typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : 'EUR',
    time_zone: typeof time_zone === 'string' && isZone(time_zone) ? time_zone : null,
    length: lengths.find((known) => known === length) ?? 'mm',
    weight: weights.find((known) => known === weight) ?? 'g',
    theme: schemes.find((known) => known === theme) ?? null,
  };
}

/** Times and sizes are told as this person wants them from now on. */
export function applyPreferences(me: Pick<Me, 'preferences'>): void {
  const { time_zone, length, weight } = preferencesOf(me);
  tellTimeIn(time_zone ?? undefined);
  measureIn(length, weight);
}

export const usePreferences = (): Preferences => preferencesOf(useMe());

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format() !== '';
  } catch {
    return false;
  }
}
