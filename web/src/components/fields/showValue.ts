import { measureOf } from '@/lib/format/units';
import type { FieldValue } from '@/lib/wire/item';
import type { Field } from '@/lib/wire/kind';

/** A stored value as a person reads it: terms by their label, numbers with their unit. */
export function showValue(
  field: Field | undefined,
  value: FieldValue | null | undefined,
  words: { yes: string; no: string },
): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  const term = (one: string) =>
    field?.vocabulary?.terms.find(({ value: known }) => known === one)?.label ?? one;
  if (Array.isArray(value)) return value.map(term).join(', ');
  const unit = field?.unit ?? null;
  if (unit === null) return term(String(value));
  const measure = measureOf(unit);
  return `${typeof value === 'number' ? measure.shown(value) : value} ${measure.unit}`;
}
