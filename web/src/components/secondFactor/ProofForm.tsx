import { Anchor, Button, Group, PasswordInput, Skeleton, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';

import { factorsQuery, prove, proveByPasskey } from './api/factors';
import { type CodeKind, FactorInput } from './FactorInput';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import { passkeysWork } from '@/lib/passkeys';

interface Props {
  onDone: () => void;
  onCancel: () => void;
}

/** The password; with a second factor a code beside it, or a passkey alone. */
export function ProofForm({ onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const factors = useQuery(factorsQuery).data;
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [kind, setKind] = useState<CodeKind>('code');
  const proving = useMutation({ mutationFn: prove, onSuccess: onDone });
  const signing = useMutation({ mutationFn: proveByPasskey, onSuccess: onDone });
  if (factors === undefined) return <Skeleton h={160} />;
  const asked: CodeKind = factors.totp ? kind : 'recovery';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    event.stopPropagation();
    signing.reset();
    const typed = code.trim();
    proving.mutate({
      password,
      ...(typed !== '' &&
        (asked === 'code' ? { code: typed.replaceAll(' ', '') } : { recovery_code: typed })),
    });
  };
  const error = proving.error ?? signing.error;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text c="dimmed">{t('common.proof.text')}</Text>
        {factors.passkeys > 0 && passkeysWork() && (
          <Button
            variant="default"
            leftSection={<IconFingerprint size={20} aria-hidden />}
            loading={signing.isPending}
            onClick={() => signing.mutate()}
          >
            {t('common.factor.usePasskey')}
          </Button>
        )}
        <PasswordInput
          label={t('auth.password')}
          autoComplete="current-password"
          data-autofocus
          visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {factors.is_on && <FactorInput kind={asked} value={code} onChange={setCode} />}
        {factors.totp && (
          <Anchor
            component="button"
            type="button"
            ta="start"
            onClick={() => setKind(kind === 'code' ? 'recovery' : 'code')}
          >
            {t(kind === 'code' ? 'common.factor.useRecovery' : 'common.factor.useCode')}
          </Anchor>
        )}
        {error && (
          <Text c="danger" role="alert">
            {explain(error).text}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={proving.isPending}>
            {t('common.proof.act')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
