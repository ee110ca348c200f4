import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';

import { changePassword, type PasswordChange } from './api/changePassword';
import { Section } from './Section';

import { toast } from '@/components/feedback/toast';
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
      new_password: (value) => (value === '' ? t('common.required') : null),
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
  const toggle = { 'aria-label': t('auth.showPassword') };
  return (
    <Section title={t('settings.password.title')}>
      <form onSubmit={form.onSubmit((values) => changing.mutate(values))} noValidate>
        <Stack maw={420}>
          <PasswordInput
            label={t('settings.password.current')}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label={t('settings.password.next')}
            description={t('settings.password.rules')}
            autoComplete="new-password"
            visibilityToggleButtonProps={toggle}
            {...form.getInputProps('new_password')}
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
