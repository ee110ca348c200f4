import { Anchor, Button, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { Credentials } from './api/logIn';
import { register } from './api/register';
import { Door } from './Door';
import { useEnter } from './useEnter';

import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { setupQuery } from '@/lib/session/setup';

export function SignUpPage() {
  const { t } = useTranslation();
  const setup = useQuery(setupQuery);
  const enter = useEnter(undefined);
  const form = useForm<Credentials>({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('auth.emailInvalid')),
      password: newPasswordError,
    },
  });
  const creating = useMutation({
    mutationFn: register,
    onSuccess: enter,
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(formErrors(error));
      focusFirstError();
    },
  });
  const closed = setup.data?.has_owner === true && !setup.data.registration_open;

  return (
    <Door title={t('auth.signUp.title')}>
      {setup.isPending ? (
        <Skeleton h={20} w="80%" />
      ) : (
        <Text c="dimmed">
          {closed
            ? t('auth.signUp.closed')
            : setup.data?.has_owner === false
              ? t('auth.signUp.first')
              : t('auth.signUp.text')}
        </Text>
      )}
      <form
        onSubmit={form.onSubmit((values) => creating.mutate(values), focusFirstError)}
        noValidate
      >
        <Stack mt="md">
          <TextInput
            type="email"
            label={t('auth.email')}
            autoComplete="username"
            autoFocus
            disabled={closed}
            {...form.getInputProps('email')}
          />
          <NewPasswordInput
            label={t('auth.password')}
            disabled={closed}
            value={form.values.password}
            error={form.errors.password}
            onChange={(password) => form.setFieldValue('password', password)}
          />
          {creating.error && (
            <Text c="danger" role="alert">
              {explain(creating.error).text}
            </Text>
          )}
          <Button type="submit" size="lg" loading={creating.isPending} disabled={closed}>
            {t('auth.signUp.act')}
          </Button>
          {setup.data?.has_owner !== false && (
            <Anchor renderRoot={(props) => <Link to="/login" {...props} />}>
              {t('auth.signUp.haveAccount')}
            </Anchor>
          )}
        </Stack>
      </form>
    </Door>
  );
}
