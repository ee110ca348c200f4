import { digitsOf, readAmount, writeAmount } from '@/lib/format/money';

/**
 * What stands in a field, for another currency: `1.500` dinars are `1.50` euros, not `1,500.00`.
 * An amount that the other cannot tell keeps the name of its own, so that it is refused.
 */
export function carryOver(text: string, from: string, to: string): string {
  const read = readAmount(text, from);
  if (typeof read !== 'number') return text;
  const amount_minor = (read * 10 ** digitsOf(to)) / 10 ** digitsOf(from);
  return Number.isInteger(amount_minor)
    ? writeAmount({ amount_minor, currency: to })
    : `${writeAmount({ amount_minor: read, currency: from })} ${from}`;
}
