/** An amount in the smallest unit of its currency: pence, cents, yen. */
export interface Money {
  amount_minor: number;
  currency: string;
}

export function formatMoney({ amount_minor, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount_minor / 10 ** digits);
}
