import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';

import { changePassword, type PasswordChange } from './api/changePassword';

import { toast } from '@/components/feedback/toast';
import { useSend } from '@/components/feedback/useSend';
import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { Section } from '@/components/rows/Section';
import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';

export function Password() {
  const { t } = useTranslation();
  const form = useForm<PasswordChange>({
    initialValues: { current_password: '', new_password: '' },
    validate: {
      current_password: (value) => (value === '' ? t('common.required') : null),
      new_password: newPasswordError,
    },
  });
  const changing = useSend(form, changePassword, {
    onDone: () => {
      form.reset();
      toast(t('settings.password.changed'));
    },
  });
  return (
    <Section title={t('settings.password.title')}>
      <form onSubmit={form.onSubmit((values) => changing.send(values), focusFirstError)} noValidate>
        <Stack maw={420}>
          <PasswordInput
            label={t('settings.password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
            {...form.getInputProps('current_password')}
          />
          <NewPasswordInput
            label={t('settings.password.next')}
            value={form.values.new_password}
            error={form.errors.new_password}
            onChange={(password) => form.setFieldValue('new_password', password)}
          />
          {changing.trouble !== null && (
            <Text c="danger" role="alert">
              {changing.trouble}
            </Text>
          )}
          <Button type="submit" variant="default" w="fit-content" loading={changing.isPending}>
            {t('settings.password.act')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
