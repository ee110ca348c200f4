import { Anchor, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { type Credentials, logIn } from './api/logIn';
import { Door } from './Door';
import { useEnter } from './useEnter';

import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { setupQuery } from '@/lib/session/setup';

const route = getRouteApi('/login');

export function LoginPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const setup = useQuery(setupQuery).data;
  const enter = useEnter(next);
  const form = useForm<Credentials>({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() === '' ? t('common.required') : null),
      password: (value) => (value === '' ? t('common.required') : null),
    },
  });
  const entering = useMutation({ mutationFn: logIn, onSuccess: enter });

  return (
    <Door title={t('auth.logIn.title')}>
      {next !== undefined && (
        <Text c="dimmed" mb="sm">
          {t('auth.logIn.expired')}
        </Text>
      )}
      <form onSubmit={form.onSubmit((values) => entering.mutate(values))} noValidate>
        <Stack mt="md">
          <TextInput
            type="email"
            label={t('auth.email')}
            autoComplete="username"
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
              {entering.error instanceof ApiProblem && entering.error.status === 401
                ? t('auth.logIn.wrong')
                : explain(entering.error).text}
            </Text>
          )}
          <Button type="submit" size="lg" loading={entering.isPending}>
            {t('auth.logIn.act')}
          </Button>
          {setup?.registration_open !== false && (
            <Anchor renderRoot={(props) => <Link to="/sign-up" {...props} />}>
              {t('auth.logIn.noAccount')}
            </Anchor>
          )}
        </Stack>
      </form>
    </Door>
  );
}
