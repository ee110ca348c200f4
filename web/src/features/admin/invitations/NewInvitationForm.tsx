import { NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';

import { invite, type Made } from '../api/invitations';
import { roleOf, roles } from '../people/words';

import { FormEnd } from '@/components/feedback/FormEnd';
import { useSend } from '@/components/feedback/useSend';
import { focusFirstError } from '@/lib/focusFirstError';
import { useTranslation } from '@/lib/i18n';

interface Props {
  onMade: (made: Made) => void;
  onCancel: () => void;
}

const lives = [1, 7, 30, 90] as const;

export function NewInvitationForm({ onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: { email: '', role: 'user', uses: 1 as number | string, expires_in_days: '7' },
    validate: {
      uses: (value, { email }) =>
        email.trim() !== '' || (typeof value === 'number' && value >= 1)
          ? null
          : t('common.required'),
    },
  });
  const making = useSend(form, invite, {
    onDone: (made) => {
      void queryClient.invalidateQueries({ queryKey: ['server-invitations'] });
      onMade(made);
    },
  });
  const toOne = form.values.email.trim() !== '';
  return (
    <form
      onSubmit={form.onSubmit(
        ({ email, role, uses, expires_in_days }) =>
          making.send({
            email: email.trim() || null,
            role: roleOf(role),
            uses: toOne ? 1 : Number(uses),
            expires_in_days: Number(expires_in_days),
          }),
        focusFirstError,
      )}
      noValidate
    >
      <Stack maw={420} mb="xl">
        <TextInput
          label={t('admin.invitations.email')}
          description={t('admin.invitations.emailHint')}
          type="email"
          autoComplete="off"
          autoFocus
          {...form.getInputProps('email')}
        />
        <NativeSelect
          label={t('admin.invitations.role')}
          data={roles.map((value) => ({ value, label: t(`admin.people.roles.${value}`) }))}
          {...form.getInputProps('role')}
        />
        {!toOne && (
          <NumberInput
            label={t('admin.invitations.uses')}
            min={1}
            max={1000}
            allowDecimal={false}
            {...form.getInputProps('uses')}
          />
        )}
        <NativeSelect
          label={t('admin.invitations.days')}
          data={lives.map((days) => ({
            value: String(days),
            label: t('admin.invitations.daysCount', { count: days }),
          }))}
          {...form.getInputProps('expires_in_days')}
        />
        <FormEnd act={t('admin.invitations.act')} {...making} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
