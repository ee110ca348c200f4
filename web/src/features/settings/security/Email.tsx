import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';

import { changeEmail } from '../api/security';

import { Section } from '@/components/rows/Section';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

export function Email() {
  const { t } = useTranslation();
  const me = useMe();
  const form = useForm({
    initialValues: { email: '' },
    validate: {
      email: (value) => (/^\S+@\S+$/.test(value.trim()) ? null : t('auth.emailInvalid')),
    },
  });
  const asking = useMutation({ mutationFn: changeEmail, onSuccess: () => form.reset() });
  return (
    <Section title={t('settings.email.title')} text={t('settings.email.text', { email: me.email })}>
      <form onSubmit={form.onSubmit(({ email }) => asking.mutate(email.trim()))} noValidate>
        <Stack maw={420}>
          <TextInput
            type="email"
            label={t('settings.email.next')}
            autoComplete="email"
            {...form.getInputProps('email')}
          />
          {asking.error && (
            <Text c="danger" role="alert">
              {explain(asking.error).text}
            </Text>
          )}
          {asking.isSuccess && (
            <Text role="status">{t('settings.email.sent', { email: asking.variables })}</Text>
          )}
          <Button type="submit" variant="default" w="fit-content" loading={asking.isPending}>
            {t('settings.email.act')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
