import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';

import { toast, toastProblem } from '@/components/feedback/toast';
import { changeMe } from '@/components/preferences/changeMe';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { meQuery, useMe } from '@/lib/session/session';

export function Profile() {
  const { t } = useTranslation();
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name: me.display_name ?? '' } });
  const saving = useMutation({
    mutationFn: changeMe,
    onSuccess: (now) => {
      queryClient.setQueryData(meQuery.queryKey, now);
      form.resetDirty();
      toast(t('settings.profile.saved'));
    },
    onError: toastProblem,
  });
  return (
    <Section title={t('settings.profile.title')}>
      <form
        onSubmit={form.onSubmit(({ name }) => saving.mutate({ display_name: name.trim() || null }))}
      >
        <Stack maw={420}>
          <TextInput
            label={t('settings.profile.name')}
            description={t('settings.profile.nameHint')}
            autoComplete="name"
            {...form.getInputProps('name')}
          />
          <TextInput label={t('settings.profile.email')} value={me.email} readOnly />
          <Button
            type="submit"
            w="fit-content"
            disabled={!form.isDirty()}
            loading={saving.isPending}
          >
            {t('common.save')}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
