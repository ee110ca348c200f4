import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import type { Credentials } from './api/logIn';
import { register } from './api/register';
import { useEnter } from './useEnter';

import { useSend } from '@/components/feedback/useSend';
import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';

interface Props {
  /** The address that an invitation is good for; null where any is. */
  email?: string | null;
  invitation?: string | null;
  disabled?: boolean;
  /** Where to go on afterwards. */
  next?: string | undefined;
  /** The address must be confirmed by a letter first. */
  onLetter: (email: string) => void;
}

export function SignUpForm({
  email = null,
  invitation = null,
  disabled = false,
  next,
  onLetter,
}: Props) {
  const { t } = useTranslation();
  const enter = useEnter(next);
  const form = useForm<Credentials>({
    initialValues: { email: email ?? '', password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('auth.emailInvalid')),
      password: newPasswordError,
    },
  });
  const creating = useSend(form, register, {
    onDone: (checks) => (checks ? onLetter(form.values.email) : enter()),
  });
  return (
    <form
      onSubmit={form.onSubmit(
        (values) => creating.send({ ...values, invitation }),
        focusFirstError,
      )}
      noValidate
    >
      <Stack mt="md">
        <TextInput
          type="email"
          label={t('auth.email')}
          autoComplete="username"
          autoFocus={email === null}
          readOnly={email !== null}
          disabled={disabled}
          {...form.getInputProps('email')}
        />
        <NewPasswordInput
          label={t('auth.password')}
          disabled={disabled}
          value={form.values.password}
          error={form.errors.password}
          onChange={(password) => form.setFieldValue('password', password)}
        />
        {creating.trouble !== null && (
          <Text c="danger" role="alert">
            {creating.trouble}
          </Text>
        )}
        <Button type="submit" size="lg" loading={creating.isPending} disabled={disabled}>
          {t('auth.signUp.act')}
        </Button>
      </Stack>
    </form>
  );
}
