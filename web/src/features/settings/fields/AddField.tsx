import { Button, Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { useFieldActs } from './useFieldActs';
import type { NewField } from '../api/addField';

import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';
import type { OwnFieldType } from '@/lib/ownFields/ownFields';

const TYPES: readonly OwnFieldType[] = ['text', 'choice', 'integer', 'decimal', 'date', 'boolean'];

export function AddField({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const { add } = useFieldActs();
  const form = useForm<NewField>({
    initialValues: { label: '', type: 'text', kind: null, choices: [] },
    validate: { label: (value) => (value.trim() === '' ? t('common.required') : null) },
  });
  const submit = form.onSubmit((values) =>
    add.mutate(
      {
        ...values,
        label: values.label.trim(),
        choices: values.type === 'choice' ? values.choices : [],
      },
      {
        onSuccess: onDone,
        onError: (error) => error instanceof ApiProblem && form.setErrors(formErrors(error)),
      },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={420}>
        <TextInput
          label={t('settings.fields.label')}
          placeholder={t('settings.fields.labelHint')}
          autoFocus
          {...form.getInputProps('label')}
        />
        <Select
          label={t('settings.fields.type')}
          data={TYPES.map((value) => ({ value, label: t(`settings.fields.types.${value}`) }))}
          allowDeselect={false}
          {...form.getInputProps('type')}
        />
        {form.values.type === 'choice' && (
          <TagsInput
            label={t('settings.fields.choices')}
            placeholder={t('settings.fields.choicesHint')}
            {...form.getInputProps('choices')}
          />
        )}
        <Select
          label={t('settings.fields.for')}
          placeholder={t('settings.fields.forAll')}
          data={kinds.map(({ name, label }) => ({ value: name, label }))}
          clearable
          {...form.getInputProps('kind')}
        />
        {add.error && (
          <Text c="danger" role="alert">
            {explain(add.error).text}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={add.isPending}>
            {t('settings.fields.act')}
          </Button>
          <Button variant="subtle" onClick={onDone}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
