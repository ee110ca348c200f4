import { Anchor, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { type Asked, type Credentials, logIn } from './api/logIn';
import { OtherWays } from './OtherWays';

import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { setupQuery } from '@/lib/session/setup';

interface Props {
  next: string | undefined;
  onAsked: (asked: Asked) => void;
  onDone: () => Promise<void>;
}

export function PasswordLogin({ next, onAsked, onDone }: Props) {
  const { t } = useTranslation();
  const setup = useQuery(setupQuery).data;
  const form = useForm<Credentials>({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? t('common.required') : null),
      password: (value) => (value === '' ? t('common.required') : null),
    },
  });
  const entering = useMutation({
    mutationFn: logIn,
    onSuccess: (asked) => (asked === null ? onDone() : onAsked(asked)),
  });

  return (
    <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
      <Stack mt="md">
        <TextInput
          type="email"
          label={t('auth.email')}
          autoComplete="username webauthn"
          autoFocus
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('auth.password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
          {...form.getInputProps('password')}
        />
        {entering.error && (
          <Text c="danger" role="alert">
            {refusal(entering.error)}
          </Text>
        )}
        <Button type="submit" size="lg" loading={entering.isPending}>
          {t('auth.logIn.act')}
        </Button>
        <OtherWays next={next} onDone={onDone} />
        <Group justify="space-between">
          <Anchor renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
            {t('auth.logIn.forgotten')}
          </Anchor>
          {setup?.registration_open !== false && (
            <Anchor renderRoot={(props) => <Link to="/sign-up" search={{ next }} {...props} />}>
              {t('auth.logIn.noAccount')}
            </Anchor>
          )}
        </Group>
      </Stack>
    </form>
  );

  function refusal(error: Error): string {
    if (error instanceof ApiProblem && error.code === 'wrong_credentials')
      return t('auth.logIn.wrong');
    if (error instanceof ApiProblem && error.code === 'email_not_verified')
      return t('auth.logIn.checkFirst');
    return explain(error).text;
  }
}
