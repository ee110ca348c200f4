import { NumberInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

import type { FormValue } from './FieldInput';

import { measureOf } from '@/lib/format/units';
import type { Field } from '@/lib/wire/kind';

interface Props {
  field: Field;
  label: string;
  error?: ReactNode;
  withAsterisk: boolean;
  value: FormValue;
  onChange: (value: FormValue) => void;
}

/** A number in the unit that the person reads; the form holds it in the unit that is kept. */
export function NumberField({ field, value, onChange, ...common }: Props) {
  // What is on its way to a number (`9.`, `0.0`) stays as typed until the field is left.
  const [typing, setTyping] = useState<{ text: string | number; means: FormValue } | null>(null);
  const measure = field.unit === null ? null : measureOf(field.unit);
  const told = (kept: number) => measure?.shown(kept) ?? kept;
  const limit = (kept: number | null) => (kept === null ? undefined : told(kept));
  const shown = typeof value === 'number' ? told(value) : String(value ?? '');
  const type = (text: string | number) => {
    const means = meaning(text);
    const kept = typeof means === 'number' ? (measure?.kept(means) ?? means) : means;
    setTyping({ text, means: kept });
    onChange(kept);
  };
  return (
    <NumberInput
      {...common}
      allowDecimal={field.type === 'decimal'}
      min={limit(field.minimum)}
      max={limit(field.maximum)}
      step={field.step ?? 1}
      suffix={measure === null ? '' : ` ${measure.unit}`}
      hideControls
      value={typing !== null && typing.means === value ? typing.text : shown}
      onChange={type}
      onBlur={() => setTyping(null)}
    />
  );
}

/** What is no number, such as a lonely minus, stays what it is for the server to refuse. */
function meaning(text: string | number): FormValue {
  if (text === '') return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}
