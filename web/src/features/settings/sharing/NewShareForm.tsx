import {
  Button,
  Checkbox,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';

import { makeShare } from '../api/sharing';
import { useAct } from '../useAct';

import { useTranslation } from '@/lib/i18n';

interface Props {
  shelves: readonly { id: string; name: string }[];
  onMade: (address: string) => void;
  onCancel: () => void;
}

/** Days that a link is good for. */
const lives = ['7', '30', '90'] as const;
const WHOLE = 'space';

export function NewShareForm({ shelves, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const making = useAct(makeShare, { renews: [['shares']], onDone: onMade });
  const form = useForm({
    initialValues: { what: WHOLE, label: '', days: '30', password: '', prices: false },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ what, label, days, password, prices }) =>
        making.mutate({
          target: what === WHOLE ? 'space' : 'collection',
          target_id: what === WHOLE ? null : what,
          label: label.trim(),
          days: Number(days),
          password: password === '' ? null : password,
          with_prices: prices,
        }),
      )}
      noValidate
    >
      <Stack maw={420}>
        <NativeSelect
          label={t('settings.shares.what')}
          data={[
            { value: WHOLE, label: t('settings.shares.targets.space') },
            ...shelves.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          {...form.getInputProps('what')}
        />
        <TextInput
          label={t('settings.shares.label')}
          description={t('settings.shares.labelHint')}
          {...form.getInputProps('label')}
        />
        <NativeSelect
          label={t('settings.keys.life')}
          data={lives.map((value) => ({ value, label: t(`settings.shares.lives.${value}`) }))}
          {...form.getInputProps('days')}
        />
        <PasswordInput
          label={t('settings.shares.password')}
          description={t('settings.shares.passwordHint')}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
          {...form.getInputProps('password')}
        />
        <Checkbox
          py={10}
          label={t('settings.shares.prices')}
          {...form.getInputProps('prices', { type: 'checkbox' })}
        />
        <Group>
          <Button type="submit" loading={making.isPending}>
            {t('settings.shares.act')}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
