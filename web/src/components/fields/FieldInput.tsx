import { Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import { NumberField } from './NumberField';

import { useTranslation } from '@/lib/i18n';
import type { FieldValue } from '@/lib/wire/item';
import type { Field } from '@/lib/wire/kind';

export type FormValue = FieldValue | null;

interface Props {
  field: Field;
  value: FormValue;
  onChange: (value: FormValue) => void;
  error?: ReactNode;
}

const text = (value: FormValue): string => (value === null ? '' : String(value));

/** The input that fits a field of a kind; an empty one holds null. */
export function FieldInput({ field, value, onChange, error }: Props) {
  const { t } = useTranslation();
  const common = { label: field.label, error, withAsterisk: field.required };
  const set = (next: string) => onChange(next === '' ? null : next);
  const terms = field.vocabulary?.terms.map((term) => ({ value: term.value, label: term.label }));
  switch (field.type) {
    case 'long_text':
      return (
        <Textarea
          {...common}
          autosize
          minRows={3}
          value={text(value)}
          onChange={(event) => set(event.target.value)}
        />
      );
    case 'integer':
    case 'decimal':
      return <NumberField {...common} field={field} value={value} onChange={onChange} />;
    case 'boolean':
      return (
        <Select
          {...common}
          clearable
          placeholder={t('common.notKnown')}
          data={[
            { value: 'true', label: t('common.yes') },
            { value: 'false', label: t('common.no') },
          ]}
          value={typeof value === 'boolean' ? String(value) : null}
          onChange={(next) => onChange(next === null ? null : next === 'true')}
        />
      );
    case 'date':
      return (
        <TextInput
          {...common}
          type="date"
          value={text(value)}
          onChange={(event) => set(event.target.value)}
        />
      );
    case 'choice':
      return (
        <Select
          {...common}
          clearable
          searchable
          placeholder={t('common.notKnown')}
          data={terms ?? []}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
        />
      );
    case 'list':
      return (
        <TagsInput
          {...common}
          placeholder={Array.isArray(value) && value.length > 0 ? '' : t('item.listHint')}
          data={terms ?? []}
          value={Array.isArray(value) ? value : []}
          onChange={(next) => onChange(next.length === 0 ? null : next)}
        />
      );
    case 'year':
    case 'url':
    case 'text':
      return (
        <TextInput
          {...common}
          placeholder={field.type === 'year' ? t('item.yearHint') : ''}
          inputMode={field.type === 'url' ? 'url' : 'text'}
          value={text(value)}
          onChange={(event) => set(event.target.value)}
        />
      );
  }
}
