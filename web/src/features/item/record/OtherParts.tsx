import { NumberInput, TagsInput, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import type { RecordValues } from './difference';
import classes from '../item.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Kind } from '@/lib/wire/kind';

export type Parts = Pick<RecordValues, 'tags' | 'notes' | 'quantity'>;

interface Props<Values> {
  form: UseFormReturnType<Values>;
  kind: Kind;
}

/** What every record has, whatever its kind. */
export function OtherParts<Values extends Parts>({ form, kind }: Props<Values>) {
  const { t } = useTranslation();
  // Most kinds have a field of their own for notes; two would be one too many.
  const withNotes =
    form.getValues().notes !== '' || !kind.fields.some((field) => field.name === 'notes');
  return (
    <div className={classes.parts}>
      <NumberInput
        label={t('item.quantity')}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        {...form.getInputProps('quantity')}
      />
      <TagsInput
        label={t('item.tags')}
        placeholder={form.getValues().tags.length === 0 ? t('item.tagsHint') : ''}
        {...form.getInputProps('tags')}
      />
      {withNotes && (
        <Textarea
          autosize
          minRows={3}
          label={t('item.notes')}
          placeholder={t('item.notesHint')}
          {...form.getInputProps('notes')}
        />
      )}
    </div>
  );
}
