import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';

import { changePassword, type PasswordChange } from './api/changePassword';
import { Section } from './Section';

import { toast } from '@/components/feedback/toast';
import { NewPasswordInput, newPasswordError } from '@/components/password/NewPasswordInput';
import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';
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
  const changing = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.reset();
      toast(t('settings.password.changed'));
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(formErrors(error));
      focusFirstError();
    },
  });
  return (
    <Section title={t('settings.password.title')}>
      <form
        onSubmit={form.onSubmit((values) => changing.mutate(values), focusFirstError)}
        noValidate
      >
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
          {changing.error && (
            <Text c="danger" role="alert">
              {explain(changing.error).text}
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
