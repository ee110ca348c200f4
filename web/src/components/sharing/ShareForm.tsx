import { Checkbox, NativeSelect, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import type { Target } from './target';

import { FormEnd } from '@/components/feedback/FormEnd';
import { useSend } from '@/components/feedback/useSend';
import { focusFirstError } from '@/lib/focusFirstError';
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
/** Characters that the server takes: of a password, and of it or a label. */
const SHORTEST = 4;
const LONGEST = 200;

export function ShareForm({ targets, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const { seesMoney } = useRights();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { what: 0, label: '', days: '30', password: '', prices: false },
    validate: {
      password: (value) =>
        value !== '' && value.length < SHORTEST ? t('sharing.passwordHint') : null,
    },
  });
  const making = useSend(form, makeShare, {
    onDone: (address, { password }) => {
      void queryClient.invalidateQueries({ queryKey: ['shares'] });
      onMade({ address, locked: password !== null });
    },
  });
  return (
    <form
      onSubmit={form.onSubmit(({ what, label, days, password, prices }) => {
        const { target, id } = targets[what] ?? targets[0];
        making.send({
          target,
          target_id: id,
          label: label.trim(),
          days: Number(days),
          password: password === '' ? null : password,
          with_prices: prices,
        });
      }, focusFirstError)}
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
          maxLength={LONGEST}
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
          maxLength={LONGEST}
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
        <FormEnd
          act={t('sharing.act')}
          isPending={making.isPending}
          trouble={making.trouble}
          onCancel={onCancel}
        />
      </Stack>
    </form>
  );
}
