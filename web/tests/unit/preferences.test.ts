import { afterEach, describe, expect, it } from 'vitest';

import { formatDate, formatMoment, tellTimeIn } from '@/lib/format/format';
import { digitsOf, formatMoney, readAmount, toMajor } from '@/lib/format/money';
import { measureIn, measureOf } from '@/lib/format/units';
import type { Instant } from '@/lib/brand';
import { applyPreferences, preferencesOf } from '@/lib/session/preferences';

afterEach(() => applyPreferences({ preferences: {} }));

describe('units', () => {
  it('shows millimeters in inches and takes inches back', () => {
    measureIn('in', 'oz');
    const { unit, shown, kept } = measureOf('mm');
    expect(unit).toBe('in');
    expect(shown(178.5)).toBe(7.028);
    expect(kept(8)).toBe(203.2);
    for (const typed of [0.5, 1.25, 7.125, 12]) expect(shown(kept(typed))).toBeCloseTo(typed, 2);
  });

  it('leaves what nobody chose, and units that it does not know', () => {
    expect(measureOf('mm')).toMatchObject({ unit: 'mm' });
    measureIn('cm', 'oz');
    expect(measureOf('dpi').shown(300)).toBe(300);
    expect(measureOf('g').shown(28.35)).toBe(1);
  });
});

describe('money', () => {
  it.each([
    ['EUR', 1250.5, 125050],
    ['JPY', 1250, 1250],
    ['KWD', 1.234, 1234],
  ])('counts %s in its own smallest unit', (currency, amount, amount_minor) => {
    expect(readAmount(String(amount), currency)).toBe(amount_minor);
    expect(toMajor({ amount_minor, currency })).toBe(amount);
  });

  it('does not lose a cent to the binary point', () => {
    expect(readAmount('100.50', 'EUR')).toBe(10050);
    expect(readAmount('0.29', 'EUR')).toBe(29);
    expect(digitsOf('EUR')).toBe(2);
    expect(formatMoney({ amount_minor: 29, currency: 'EUR' })).toBe('\u20ac0.29');
  });
});

describe('preferences', () => {
  it('reads what any program may have written', () => {
    expect(
      preferencesOf({ preferences: { currency: 7, time_zone: 'Moon/Sea', length: 'ell' } }),
    ).toEqual({
      currency: 'EUR',
      time_zone: null,
      length: 'mm',
      weight: 'g',
      theme: null,
    });
  });

  it('tells an instant in the chosen zone, and a day of the calendar as it is', () => {
    tellTimeIn('Pacific/Auckland');
    expect(formatMoment('2026-11-20T12:00:00Z' as Instant)).toMatch(/^Nov 21, 2026, 1:00/);
    tellTimeIn('America/Los_Angeles');
    expect(formatDate('2024-05-01')).toBe('May 1, 2024');
  });
});
