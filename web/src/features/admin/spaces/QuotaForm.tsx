import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { type Quota, setQuota, type Usage } from '../api/spaces';
import { type Bounds, boundsOf, isBound, quotaOf } from './bounds';

import { toast } from '@/components/feedback/toast';
import { useSend } from '@/components/feedback/useSend';
import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';

interface Props {
  spaceId: string;
  usage: readonly Usage[];
}

export function QuotaForm({ spaceId, usage }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const whole = (text: string) => (isBound(text, { whole: true }) ? null : t('admin.quota.whole'));
  const form = useForm<Bounds>({
    initialValues: boundsOf(usage),
    validate: {
      storage_bytes: (text) => (isBound(text, { whole: false }) ? null : t('admin.quota.number')),
      items: whole,
      model_calls: whole,
    },
  });
  const setting = useSend(form, (quota: Quota) => setQuota({ id: spaceId, quota }), {
    onDone: ({ data }, quota) => {
      queryClient.setQueryData(['quota', spaceId], data);
      const now = boundsOf(data);
      form.setInitialValues(now);
      form.setValues(now);
      const isCleared = Object.values(quota).every((bound) => bound === null);
      toast(t(isCleared ? 'admin.quota.cleared' : 'admin.quota.set'));
    },
  });
  return (
    <form
      onSubmit={form.onSubmit((bounds) => setting.send(quotaOf(bounds)), focusFirstError)}
      noValidate
    >
      <Stack maw={420}>
        <TextInput
          label={t('admin.quota.storage')}
          inputMode="decimal"
          {...form.getInputProps('storage_bytes')}
        />
        <TextInput
          label={t('admin.quota.itemsLabel')}
          inputMode="numeric"
          {...form.getInputProps('items')}
        />
        <TextInput
          label={t('admin.quota.calls')}
          inputMode="numeric"
          {...form.getInputProps('model_calls')}
        />
        {setting.trouble !== null && (
          <Text c="danger" role="alert">
            {setting.trouble}
          </Text>
        )}
        <Group>
          <Button type="submit" disabled={!form.isDirty()} loading={setting.isPending}>
            {t('admin.quota.act')}
          </Button>
          {usage.some(({ is_own }) => is_own) && (
            <Button
              variant="default"
              onClick={() => setting.send({ storage_bytes: null, items: null, model_calls: null })}
            >
              {t('admin.quota.clear')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
