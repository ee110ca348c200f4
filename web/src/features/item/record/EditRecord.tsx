import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { Conflict } from './Conflict';
import { OtherParts } from './OtherParts';
import { difference, type RecordValues, valuesOf } from './difference';
import { changeItem } from '../api/changeItem';
import { getItem, type Versioned } from '../api/getItem';
import { useRefreshItem } from '../useItemActs';

import { toast } from '@/components/feedback/toast';
import { FormBar } from '@/components/fields/FormBar';
import { FieldGroups } from '@/components/fields/FieldGroups';
import { isUnsaved, KeepEdits } from '@/components/fields/KeepEdits';
import { focusFirstError } from '@/lib/focusFirstError';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import type { Field, Kind } from '@/lib/wire/kind';

interface Props {
  versioned: Versioned;
  kind: Kind;
  own: readonly Field[];
  onDone: () => void;
}

export function EditRecord({ versioned, kind, own, onDone }: Props) {
  const { t } = useTranslation();
  // What the person started from; a newer state of the server must not slip in under their hands.
  const [base] = useState(versioned);
  const [newer, setNewer] = useState<Versioned | null>(null);
  const refresh = useRefreshItem(base.item.id);
  const form = useForm<RecordValues>({ initialValues: valuesOf(base.item) });

  const saving = useMutation({
    mutationFn: (over: Versioned) =>
      changeItem(base.item.id, difference(valuesOf(base.item), form.values), over.etag),
    onSuccess: async () => {
      await refresh();
      toast(t('item.saved'));
      onDone();
    },
    onError: async (error) => {
      if (!(error instanceof ApiProblem)) return;
      if (error.status === 412) setNewer(await getItem(base.item.id));
      else {
        form.setErrors(formErrors(error));
        focusFirstError();
      }
    },
  });
  const conflict = saving.error instanceof ApiProblem && saving.error.status === 412;
  const takeTheirs = () => void refresh().then(onDone);

  return (
    <form
      onSubmit={form.onSubmit(() => saving.mutate(base))}
      noValidate
      aria-label={t('item.editing')}
    >
      <TextInput
        mt="lg"
        mb="xl"
        label={t('item.title')}
        description={t('item.titleHint')}
        {...form.getInputProps('title')}
      />
      <FieldGroups
        fields={kind.fields}
        values={form.values.fields}
        errors={form.errors}
        prefix="fields"
        onChange={(name, value) => form.setFieldValue(`fields.${name}`, value)}
      />
      <FieldGroups
        fields={own}
        values={form.values.own_fields}
        errors={form.errors}
        prefix="own_fields"
        onChange={(name, value) => form.setFieldValue(`own_fields.${name}`, value)}
      />
      <OtherParts form={form} kind={kind} />
      <KeepEdits unsaved={isUnsaved(form, saving)} />
      <FormBar error={conflict ? null : saving.error}>
        <Button variant="subtle" onClick={onDone}>
          {form.isDirty() ? t('item.discard') : t('common.cancel')}
        </Button>
        <Button type="submit" loading={saving.isPending}>
          {t('common.save')}
        </Button>
      </FormBar>
      {newer !== null && (
        <Conflict
          base={valuesOf(base.item)}
          theirs={valuesOf(newer.item)}
          mine={form.values}
          kind={kind}
          own={own}
          saving={saving.isPending}
          onKeepMine={() => saving.mutate(newer)}
          onTakeTheirs={takeTheirs}
          onClose={() => setNewer(null)}
        />
      )}
    </form>
  );
}
