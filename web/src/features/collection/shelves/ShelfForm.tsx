import { Button, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';

import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';
import { visibilities, type Visibility } from '@/lib/shelves/shelves';

export interface ShelfDraft {
  name: string;
  description: string;
  visibility: Visibility;
}

interface Props {
  initial: ShelfDraft;
  act: string;
  pending: boolean;
  onSave: (draft: ShelfDraft) => void;
  onCancel: () => void;
  children?: ReactNode;
}

/** What a collection is called and who sees it, each choice with what it means. */
export function ShelfForm({ initial, act, pending, onSave, onCancel, children }: Props) {
  const { t } = useTranslation();
  const form = useForm<ShelfDraft>({
    initialValues: initial,
    validate: { name: (value) => (value.trim() === '' ? t('common.required') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(onSave, focusFirstError)} noValidate>
      <Stack>
        <TextInput
          label={t('shelves.name')}
          maxLength={200}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('shelves.description')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={2000}
          {...form.getInputProps('description')}
        />
        <Radio.Group label={t('shelves.who')} {...form.getInputProps('visibility')}>
          <Stack gap={4} mt={4}>
            {visibilities.map((value) => (
              <Radio
                key={value}
                py={6}
                value={value}
                styles={{ description: { fontSize: '0.875rem' } }}
                label={t(`shelves.visibility.${value}`)}
                description={t(`shelves.meaning.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={pending}>
            {act}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
