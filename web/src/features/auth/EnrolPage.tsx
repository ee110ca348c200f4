import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { Door } from './Door';
import { useEnter } from './useEnter';

import { toastProblem } from '@/components/feedback/toast';
import { addPasskey, type NewCodes } from '@/components/secondFactor/api/factors';
import { EnrolTotp } from '@/components/secondFactor/EnrolTotp';
import { ProofDialog } from '@/components/secondFactor/ProofDialog';
import { RecoveryCodes } from '@/components/secondFactor/RecoveryCodes';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import { passkeysWork } from '@/lib/passkeys';
import { leave } from '@/lib/session/leave';

/** This server demands a second factor: nothing else opens before one is there. */
export function EnrolPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const enter = useEnter(undefined);
  const [codes, setCodes] = useState<string[] | null>(null);
  const done = (made: NewCodes) => (made === null ? void enter() : setCodes(made));
  const making = useMutation({
    mutationFn: addPasskey,
    onSuccess: ({ recovery_codes }) => done(recovery_codes),
  });
  const out = () => {
    leave(() => navigate({ to: '/login', search: {} })).catch(toastProblem);
  };
  return (
    <Door title={t('auth.enrol.title')}>
      <ProofDialog />
      {codes !== null ? (
        <RecoveryCodes codes={codes} onKept={() => void enter()} />
      ) : (
        <Stack>
          <Text c="dimmed">{t('auth.enrol.text')}</Text>
          {passkeysWork() && (
            <>
              <Title order={2} fz="1.2rem">
                {t('auth.enrol.passkey')}
              </Title>
              <Text c="dimmed">{t('auth.enrol.passkeyText')}</Text>
              <Button
                variant="default"
                leftSection={<IconFingerprint size={20} aria-hidden />}
                loading={making.isPending}
                onClick={() => making.mutate()}
              >
                {t('auth.enrol.passkeyAct')}
              </Button>
              {making.error && (
                <Text c="danger" role="alert">
                  {explain(making.error).text}
                </Text>
              )}
            </>
          )}
          <Title order={2} fz="1.2rem">
            {t('auth.enrol.app')}
          </Title>
          <EnrolTotp onDone={done} />
          <Anchor component="button" type="button" ta="start" onClick={out}>
            {t('auth.enrol.leave')}
          </Anchor>
        </Stack>
      )}
    </Door>
  );
}
