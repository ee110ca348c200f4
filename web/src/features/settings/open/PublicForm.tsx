import { Button, Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { type PublicProfile, publicProfileQuery, saveProfile } from '../api/publicPage';

import { toast, toastProblem } from '@/components/feedback/toast';
import { focusFirstError } from '@/lib/focusFirstError';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

export function PublicForm({ profile }: { profile: PublicProfile | null }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  // What is overwritten is what was read here, not what another window saved meanwhile.
  const [version, setVersion] = useState(profile?.version ?? null);
  const form = useForm({
    initialValues: {
      handle: profile?.handle ?? '',
      display_name: profile?.display_name ?? '',
      about: profile?.about ?? '',
      is_public: profile?.is_public ?? false,
      shows_wishes: profile?.shows_wishes ?? false,
      indexed: profile?.indexed ?? false,
    },
    validate: { handle: (value) => (value.trim() === '' ? t('common.required') : null) },
  });
  const saving = useMutation({
    mutationFn: saveProfile,
    onSuccess: (now) => {
      setVersion(now.version);
      queryClient.setQueryData(publicProfileQuery.queryKey, now);
      form.setValues({ handle: now.handle });
      form.resetDirty();
      toast(t(now.is_public ? 'open.savedShown' : 'open.savedHidden'));
    },
    onError: (error) => {
      const told = error instanceof ApiProblem ? formErrors(error) : {};
      if (Object.keys(told).length === 0) toastProblem(error);
      else form.setErrors(told);
    },
  });
  const handle = form.values.handle.trim().toLowerCase();
  const address = `${window.location.host}/people/${handle || '…'}`;
  return (
    <form
      onSubmit={form.onSubmit((draft) => saving.mutate({ draft, version }), focusFirstError)}
      noValidate
    >
      <Stack maw={480}>
        <TextInput
          label={t('open.handle')}
          description={t('open.handleHint', { address })}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('handle')}
        />
        <TextInput
          label={t('open.name')}
          description={t('open.nameHint')}
          autoComplete="off"
          maxLength={200}
          {...form.getInputProps('display_name')}
        />
        <Textarea
          label={t('open.about')}
          autosize
          minRows={3}
          maxLength={2000}
          {...form.getInputProps('about')}
        />
        <Checkbox
          py={6}
          label={t('open.isPublic')}
          description={t('open.isPublicHint')}
          {...form.getInputProps('is_public', { type: 'checkbox' })}
        />
        <Checkbox
          py={6}
          label={t('open.wishes')}
          description={t('open.wishesHint')}
          {...form.getInputProps('shows_wishes', { type: 'checkbox' })}
        />
        <Checkbox
          py={6}
          label={t('open.indexed')}
          {...form.getInputProps('indexed', { type: 'checkbox' })}
        />
        <Group>
          <Button type="submit" disabled={!form.isDirty()} loading={saving.isPending}>
            {t('open.act')}
          </Button>
          {profile?.is_public && (
            <Button
              component="a"
              variant="default"
              href={`/people/${profile.handle}`}
              target="_blank"
              rel="noreferrer"
            >
              {t('open.see')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
