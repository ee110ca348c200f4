import { Checkbox, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import type { Target } from './target';

import { FormEnd } from '@/components/feedback/FormEnd';
import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { makeShare } from '@/lib/shares/shares';

export interface MadeLink {
  address: string;
  locked: boolean;
}

interface Props {
  /** What may be shared; with one of them nothing is asked. */
  targets: readonly [Target, ...Target[]];
  onMade: (link: MadeLink) => void;
  onCancel: () => void;
}

/** Days that a link is good for. */
const lives = ['7', '30', '90'] as const;

export function ShareForm({ targets, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const { seesMoney } = useRights();
  const form = useForm({
    initialValues: { what: 0, label: '', days: '30', password: '', prices: false },
  });
  const making = useAct(makeShare, {
    renews: [['shares']],
    onDone: (address) => onMade({ address, locked: form.values.password !== '' }),
  });
  return (
    <form
      onSubmit={form.onSubmit(({ what, label, days, password, prices }) => {
        const { target, id } = targets[what] ?? targets[0];
        making.mutate({
          target,
          target_id: id,
          label: label.trim(),
          days: Number(days),
          password: password === '' ? null : password,
          with_prices: prices,
        });
      })}
      noValidate
    >
      <Stack maw={420}>
        {targets.length > 1 && (
          <NativeSelect
            label={t('sharing.what')}
            data={targets.map(({ name }, index) => ({ value: String(index), label: name }))}
            value={String(form.values.what)}
            onChange={(event) => form.setFieldValue('what', Number(event.target.value))}
          />
        )}
        <TextInput
          label={t('sharing.label')}
          description={t('sharing.labelHint')}
          {...form.getInputProps('label')}
        />
        <NativeSelect
          label={t('sharing.life')}
          data={lives.map((value) => ({ value, label: t(`sharing.lives.${value}`) }))}
          {...form.getInputProps('days')}
        />
        <PasswordInput
          label={t('sharing.password')}
          description={t('sharing.passwordHint')}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
          {...form.getInputProps('password')}
        />
        {seesMoney && (
          <Checkbox
            py={10}
            label={t('sharing.prices')}
            {...form.getInputProps('prices', { type: 'checkbox' })}
          />
        )}
        <FormEnd act={t('sharing.act')} isPending={making.isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
