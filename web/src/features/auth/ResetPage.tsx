import { Anchor, Button, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from '@tanstack/react-router';

import { resetPassword } from './api/letters';
import { Door } from './Door';

import { useSend } from '@/components/feedback/useSend';
import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { focusFirstError } from '@/lib/focusFirstError';
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
  const setting = useSend(form, (password: string) => resetPassword(token ?? '', password), {});
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
            ({ new_password }) => setting.send(new_password),
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
            {setting.trouble !== null && (
              <Text c="danger" role="alert">
                {setting.trouble}
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
