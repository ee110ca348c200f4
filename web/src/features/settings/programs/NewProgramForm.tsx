import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { ownProgramsQuery, registerProgram } from '../api/programs';

import { toast } from '@/components/feedback/toast';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

export function NewProgramForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { name: '', addresses: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('common.required') : null),
      addresses: (value) => (linesOf(value).length === 0 ? t('settings.own.addressNeeded') : null),
    },
  });
  const making = useMutation({
    mutationFn: registerProgram,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ownProgramsQuery.queryKey });
      toast(t('settings.own.made'));
      onClose();
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name, addresses }) =>
        making.mutate({ name: name.trim(), redirect_uris: linesOf(addresses) }),
      )}
      noValidate
    >
      <Stack maw={480}>
        <TextInput
          label={t('settings.own.name')}
          description={t('settings.own.nameHint')}
          autoFocus
          autoComplete="off"
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('settings.own.addresses')}
          description={t('settings.own.addressesHint')}
          autosize
          minRows={2}
          spellCheck={false}
          autoCapitalize="none"
          {...form.getInputProps('addresses')}
        />
        {making.error && (
          <Text c="danger" role="alert">
            {explain(making.error).text}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={making.isPending}>
            {t('settings.own.act')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
