import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { makeSpace, type NewSpace } from '../api/spaces';

import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';

const kinds = ['household', 'shop', 'gallery'] as const;

export function NewSpaceForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const making = useAct(makeSpace, {
    said: t('settings.spaces.made'),
    renews: [['spaces']],
    onDone: onClose,
  });
  const form = useForm<NewSpace>({
    initialValues: { name: '', kind: 'household' },
    validate: { name: (value) => (value.trim() === '' ? t('common.required') : null) },
  });
  return (
    <form onSubmit={form.onSubmit((values) => making.mutate(values))} noValidate>
      <Stack maw={420}>
        <TextInput label={t('settings.spaces.name')} autoFocus {...form.getInputProps('name')} />
        <NativeSelect
          label={t('settings.spaces.kind')}
          data={kinds.map((value) => ({ value, label: t(`settings.spaces.kinds.${value}`) }))}
          {...form.getInputProps('kind')}
        />
        <Group>
          <Button type="submit" loading={making.isPending}>
            {t('settings.spaces.act')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
