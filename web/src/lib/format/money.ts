/** An amount in the smallest unit of its currency: pence, cents, yen. */
export interface Money {
  amount_minor: number;
  currency: string;
}

const formatOf = (currency: string) => new Intl.NumberFormat('en', { style: 'currency', currency });

export const formatMoney = (money: Money): string =>
  formatOf(money.currency).format(toMajor(money));

/** How many digits a currency has after the point: none in yen, three in dinars. */
export const digitsOf = (currency: string): number =>
  formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2;

/** In pounds, euros, yen: as a person writes it. */
export const toMajor = ({ amount_minor, currency }: Money): number =>
  amount_minor / 10 ** digitsOf(currency);

export const toMinor = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** digitsOf(currency));

/** Those that collections are bought in most, first; then all that the browser knows. */
const USUAL = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD'];

/** Currencies with their names, for a choice. */
export function currencies(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'currency' });
  const all = [...new Set([...USUAL, ...Intl.supportedValuesOf('currency')])];
  return all.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}
