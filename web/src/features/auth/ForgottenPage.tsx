import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { askForReset } from './api/letters';
import { Door } from './Door';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

export function ForgottenPage() {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (value) => (value.trim() === '' ? t('common.required') : null) },
  });
  const asking = useMutation({ mutationFn: askForReset });
  return (
    <Door title={t('auth.forgotten.title')}>
      {asking.isSuccess ? (
        <Text role="status">{t('auth.forgotten.sent', { email: asking.variables })}</Text>
      ) : (
        <form onSubmit={form.onSubmit(({ email }) => asking.mutate(email.trim()))} noValidate>
          <Text c="dimmed">{t('auth.forgotten.text')}</Text>
          <Stack mt="md">
            <TextInput
              type="email"
              label={t('auth.email')}
              autoComplete="username"
              autoFocus
              {...form.getInputProps('email')}
            />
            {asking.error && (
              <Text c="danger" role="alert">
                {explain(asking.error).text}
              </Text>
            )}
            <Button type="submit" size="lg" loading={asking.isPending}>
              {t('auth.forgotten.act')}
            </Button>
          </Stack>
        </form>
      )}
      <Anchor mt="md" renderRoot={(props) => <Link to="/login" {...props} />}>
        {t('auth.forgotten.back')}
      </Anchor>
    </Door>
  );
}
