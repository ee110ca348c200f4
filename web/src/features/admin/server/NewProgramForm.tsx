import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { registerClient } from '../api/server';
import { errorsOf, linesOf } from './lines';

import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

interface Props {
  /** Given its public id. */
  onMade: (id: string) => void;
  onCancel: () => void;
}

export function NewProgramForm({ onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: '', redirect_uris: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('common.required') : null),
      redirect_uris: (value) => (linesOf(value).length === 0 ? t('common.required') : null),
    },
  });
  const making = useMutation({
    mutationFn: registerClient,
    onSuccess: ({ client_id }) => {
      void queryClient.invalidateQueries({ queryKey: ['clients'] });
      onMade(client_id);
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(errorsOf(error));
      focusFirstError();
    },
  });
  const told = making.error instanceof ApiProblem && making.error.errors.length > 0;
  return (
    <form
      onSubmit={form.onSubmit(
        ({ name, redirect_uris }) =>
          making.mutate({ name: name.trim(), redirect_uris: linesOf(redirect_uris) }),
        focusFirstError,
      )}
      noValidate
    >
      <Stack maw={480} mb="xl">
        <TextInput
          label={t('admin.programs.name')}
          description={t('admin.programs.nameHint')}
          maxLength={100}
          autoFocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('admin.programs.uris')}
          description={t('admin.programs.urisHint')}
          autosize
          minRows={2}
          {...form.getInputProps('redirect_uris')}
        />
        {making.error && !told && (
          <Text c="danger" role="alert">
            {explain(making.error).text}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={making.isPending}>
            {t('admin.programs.act')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
