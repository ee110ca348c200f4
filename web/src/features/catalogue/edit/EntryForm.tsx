import { Button, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';

import type { Correction } from '../api/correction';

import { useSend } from '@/components/feedback/useSend';
import { FormBar } from '@/components/fields/FormBar';
import { FieldGroups } from '@/components/fields/FieldGroups';
import { isUnsaved, KeepEdits } from '@/components/fields/KeepEdits';
import type { FormValue } from '@/components/fields/FieldInput';
import { useTranslation } from '@/lib/i18n';
import type { Kind } from '@/lib/wire/kind';

interface Props {
  kind: Kind;
  start: Correction;
  /** What stands there without the form: shown in the fields that hold nothing of their own. */
  below?: Record<string, FormValue>;
  withNote: boolean;
  act: string;
  save: (correction: Correction) => Promise<unknown>;
  onSaved: () => void;
  children?: ReactNode;
}

/** The facts of an entry as a form: a correction of a shared one, or one of the person's own. */
export function EntryForm({
  kind,
  start,
  below = {},
  withNote,
  act,
  save,
  onSaved,
  children,
}: Props) {
  const { t } = useTranslation();
  const form = useForm<Correction>({ initialValues: start });
  const saving = useSend(form, save, { onDone: onSaved });
  return (
    <form onSubmit={form.onSubmit((values) => saving.send(values))} noValidate>
      <TextInput
        mb="xl"
        label={t('catalogue.edit.title')}
        description={t('catalogue.edit.titleHint')}
        {...form.getInputProps('title')}
      />
      <FieldGroups
        fields={kind.fields}
        values={{ ...below, ...form.values.fields }}
        errors={form.errors}
        prefix="fields"
        onChange={(name, value) => form.setFieldValue(`fields.${name}`, value)}
      />
      {withNote && (
        <Textarea
          mb="xl"
          autosize
          minRows={2}
          label={t('catalogue.edit.note')}
          placeholder={t('catalogue.edit.noteHint')}
          {...form.getInputProps('note')}
        />
      )}
      <KeepEdits unsaved={isUnsaved(form, saving)} />
      <FormBar error={saving.error}>
        {children}
        <Button type="submit" loading={saving.isPending}>
          {act}
        </Button>
      </FormBar>
    </form>
  );
}
