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

/** Those that collections are bought in most, first; then all that the browser knows. */
const USUAL = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD'];

/** Currencies with their names, for a choice. */
export function currencies(): { value: string; label: string }[] {
  const names = new Intl.DisplayNames('en', { type: 'currency' });
  const all = [...new Set([...USUAL, ...Intl.supportedValuesOf('currency')])];
  return all.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
}

/** What cannot be taken as an amount: below zero, or written so that nobody can be sure. */
export type NoAmount = 'negative' | 'unclear';

/**
 * An amount in the currency's smallest unit, out of what a person wrote or pasted: `1234.5`,
 * `1,234.50`, `1.234,50`, `1 234,50 €`. The last mark is the decimal one where as many digits
 * follow as the currency may have; every other mark must part thousands.
 */
export function readAmount(text: string, currency: string): number | NoAmount {
  const bare = withoutCurrency(text.replace(/[\s'’]/gu, ''), currency);
  const negative = /^[-−–(]/u.test(bare);
  const plain = negative ? withoutCurrency(bare.replace(/^[-−–(]|\)$/gu, ''), currency) : bare;
  const digits = digitsOf(currency);
  const [, whole, part] =
    (digits > 0 && new RegExp(`^(.*?)[.,](\\d{1,${Math.min(digits, 2)}})$`, 'u').exec(plain)) ||
    (digits > 2 && /^(.*?)\.(\d{3})$/u.exec(plain)) ||
    [];
  const decimalMark = whole === undefined ? '' : plain.charAt(whole.length);
  const figures = wholeNumber(whole ?? plain, decimalMark);
  if (figures === null || (figures === '' && part === undefined)) return 'unclear';
  if (negative) return 'negative';
  return Number(figures + (part ?? '').padEnd(digits, '0'));
}

/** As it stands in a field: with its decimals and parted thousands, without the currency. */
export const writeAmount = ({ amount_minor, currency }: Money): string =>
  new Intl.NumberFormat('en', {
    minimumFractionDigits: digitsOf(currency),
    maximumFractionDigits: digitsOf(currency),
  }).format(toMajor({ amount_minor, currency }));

/** The digits of a whole number, its thousands parted by one kind of mark or not at all. */
function wholeNumber(text: string, decimalMark: string): string | null {
  if (/^\d*$/u.test(text)) return text;
  const mark = /[.,]/u.exec(text)?.[0] ?? '';
  if (mark === decimalMark || !/^[1-9]\d{0,2}([.,]\d{3})+$/u.test(text)) return null;
  const groups = text.split(mark);
  return groups.every((group) => /^\d+$/u.test(group)) ? groups.join('') : null;
}

/** The name of another currency stays, so that its amount is not taken for one of this. */
function withoutCurrency(text: string, currency: string): string {
  const names = (['symbol', 'narrowSymbol', 'code'] as const).flatMap((currencyDisplay) =>
    new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay })
      .formatToParts(0)
      .filter(({ type }) => type === 'currency')
      .map(({ value }) => value),
  );
  const name = names.find((each) => text.startsWith(each) || text.endsWith(each));
  return name === undefined ? text : text.replace(name, '');
}
