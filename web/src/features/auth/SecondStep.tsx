import { Anchor, Button, Stack, Text } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';

import { type Asked, finishLogIn, type SecondFactor } from './api/logIn';
import { signLogIn } from './api/passkey';

import { type CodeKind, FactorInput } from '@/components/secondFactor/FactorInput';
import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { passkeysWork } from '@/lib/passkeys';

interface Props {
  asked: Asked;
  onDone: () => Promise<void>;
  onBack: () => void;
}

/** The second factor of a login whose password was right. */
export function SecondStep({ asked: { challenge, methods }, onDone, onBack }: Props) {
  const { t } = useTranslation();
  const byCode = methods.includes('totp');
  const byPasskey = methods.includes('passkey') && passkeysWork();
  const [kind, setKind] = useState<CodeKind>(byCode ? 'code' : 'recovery');
  const [typed, setTyped] = useState('');
  const proving = useMutation({
    mutationFn: (proof: SecondFactor) => finishLogIn(challenge, proof),
    onSuccess: onDone,
  });
  const signing = useMutation({
    mutationFn: async () => finishLogIn(challenge, { passkey: await signLogIn(challenge) }),
    onSuccess: onDone,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const value = typed.trim();
    signing.reset();
    if (value !== '')
      proving.mutate(
        kind === 'code' ? { code: value.replaceAll(' ', '') } : { recovery_code: value },
      );
  };
  const error = proving.error ?? signing.error;

  return (
    <form onSubmit={submit} noValidate>
      <Text c="dimmed">{t('auth.second.text')}</Text>
      <Stack mt="md">
        {byPasskey && (
          <Button
            size="lg"
            variant={byCode ? 'default' : 'filled'}
            leftSection={<IconFingerprint size={20} aria-hidden />}
            loading={signing.isPending}
            onClick={() => signing.mutate()}
          >
            {t('common.factor.usePasskey')}
          </Button>
        )}
        <FactorInput key={kind} kind={kind} value={typed} onChange={setTyped} autoFocus />
        {error && (
          <Text c="danger" role="alert">
            {error instanceof ApiProblem && error.code === 'wrong_second_factor'
              ? t('auth.second.wrong')
              : explain(error).text}
          </Text>
        )}
        <Button type="submit" size="lg" loading={proving.isPending}>
          {t('auth.second.act')}
        </Button>
        {byCode && (
          <Anchor
            component="button"
            type="button"
            ta="start"
            onClick={() => {
              setKind(kind === 'code' ? 'recovery' : 'code');
              setTyped('');
            }}
          >
            {t(kind === 'code' ? 'common.factor.useRecovery' : 'common.factor.useCode')}
          </Anchor>
        )}
        <Anchor component="button" type="button" ta="start" onClick={onBack}>
          {t('auth.second.back')}
        </Anchor>
      </Stack>
    </form>
  );
}
