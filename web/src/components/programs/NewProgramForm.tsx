import { Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { linesOf } from './lines';

import type { ClientIn, ClientOut } from '@/api';
import { FormEnd } from '@/components/feedback/FormEnd';
import { useSend } from '@/components/feedback/useSend';
import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';

interface Props {
  /** Who reads the program's name. */
  nameHint: string;
  register: (program: ClientIn) => Promise<ClientOut>;
  onMade: (program: ClientOut) => void;
  onCancel: () => void;
}

/** Registers a program that may ask people to log in: its name and where they come back to. */
export function NewProgramForm({ nameHint, register, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { name: '', redirect_uris: '' },
    validate: {
      name: (value) => (value.trim() === '' ? t('common.required') : null),
      redirect_uris: (value) =>
        linesOf(value).length === 0 ? t('settings.own.addressNeeded') : null,
    },
  });
  const making = useSend(form, register, { onDone: onMade });
  return (
    <form
      onSubmit={form.onSubmit(
        ({ name, redirect_uris }) =>
          making.send({ name: name.trim(), redirect_uris: linesOf(redirect_uris) }),
        focusFirstError,
      )}
      noValidate
    >
      <Stack maw={480} mb="xl">
        <TextInput
          label={t('settings.own.name')}
          description={nameHint}
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
          {...form.getInputProps('redirect_uris')}
        />
        <FormEnd act={t('settings.own.act')} {...making} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
