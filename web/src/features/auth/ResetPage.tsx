import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { resetPassword } from './api/letters';
import { Door } from './Door';

import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { useToken } from '@/lib/session/useToken';

/** Where the link of a letter for a new password leads. */
export function ResetPage() {
  const { t } = useTranslation();
  const token = useToken();
  const form = useForm({
    initialValues: { new_password: '' },
    validate: { new_password: newPasswordError },
  });
  const setting = useMutation({
    mutationFn: (password: string) => resetPassword(token ?? '', password),
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(formErrors(error));
      focusFirstError();
    },
  });
  return (
    <Door title={t('auth.reset.title')}>
      {setting.isSuccess ? (
        <Stack mt="md">
          <Text role="status">{t('auth.reset.done')}</Text>
          <Button size="lg" renderRoot={(props) => <Link to="/login" {...props} />}>
            {t('auth.logIn.act')}
          </Button>
        </Stack>
      ) : token === null ? (
        <Text role="alert">{t('auth.reset.noToken')}</Text>
      ) : (
        <form
          onSubmit={form.onSubmit(
            ({ new_password }) => setting.mutate(new_password),
            focusFirstError,
          )}
          noValidate
        >
          <Text c="dimmed">{t('auth.reset.text')}</Text>
          <Stack mt="md">
            <NewPasswordInput
              label={t('auth.reset.label')}
              value={form.values.new_password}
              error={form.errors.new_password}
              onChange={(password) => form.setFieldValue('new_password', password)}
            />
            {setting.error && (
              <Text c="danger" role="alert">
                {explain(setting.error).text}
              </Text>
            )}
            <Button type="submit" size="lg" loading={setting.isPending}>
              {t('auth.reset.act')}
            </Button>
          </Stack>
        </form>
      )}
      {!setting.isSuccess && (
        <Anchor mt="md" renderRoot={(props) => <Link to="/forgot-password" {...props} />}>
          {t('auth.reset.again')}
        </Anchor>
      )}
    </Door>
  );
}
