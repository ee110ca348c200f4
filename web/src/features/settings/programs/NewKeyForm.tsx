import { NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { ScopeBoxes } from './ScopeBoxes';
import { makeKey, type Scope } from '../api/programs';

import { FormEnd } from '@/components/feedback/FormEnd';
import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';

interface Props {
  onMade: (secret: string) => void;
  onCancel: () => void;
}

/** Days until a key ends by itself; `never` is one that has to be revoked. */
const lives = ['30', '90', '365', 'never'] as const;

export function NewKeyForm({ onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const making = useAct(makeKey, { renews: [['api-keys']], onDone: onMade });
  const form = useForm<{ name: string; life: string; scopes: Scope[] }>({
    initialValues: { name: '', life: '90', scopes: ['items:read'] },
    validate: {
      name: (value) => (value.trim() === '' ? t('common.required') : null),
      scopes: (value) => (value.length === 0 ? t('settings.keys.noScope') : null),
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ name, life, scopes }) =>
        making.mutate({
          name: name.trim(),
          scopes,
          expires_in_days: life === 'never' ? null : Number(life),
        }),
      )}
      noValidate
    >
      <Stack maw={480}>
        <TextInput
          label={t('settings.keys.name')}
          description={t('settings.keys.nameHint')}
          autoFocus
          {...form.getInputProps('name')}
        />
        <ScopeBoxes
          value={form.values.scopes}
          onChange={(scopes) => form.setFieldValue('scopes', scopes)}
        />
        {form.errors.scopes !== undefined && (
          <Text c="danger" role="alert">
            {form.errors.scopes}
          </Text>
        )}
        <NativeSelect
          label={t('settings.keys.life')}
          data={lives.map((value) => ({ value, label: t(`settings.keys.lives.${value}`) }))}
          {...form.getInputProps('life')}
        />
        <FormEnd act={t('settings.keys.act')} isPending={making.isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
