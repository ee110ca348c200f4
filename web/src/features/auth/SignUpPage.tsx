import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { CheckMail } from './CheckMail';
import { Door } from './Door';
import { SignUpForm } from './SignUpForm';

import { useTranslation } from '@/lib/i18n';
import { setupQuery } from '@/lib/session/setup';

export function SignUpPage() {
  const { t } = useTranslation();
  const setup = useQuery(setupQuery);
  const [letterTo, setLetterTo] = useState<string | null>(null);
  if (letterTo !== null) return <CheckMail email={letterTo} />;
  const closed = setup.data?.has_owner === true && !setup.data.registration_open;
  const words = closed
    ? setup.data?.registration === 'invite'
      ? t('auth.signUp.inviteOnly')
      : t('auth.signUp.closed')
    : setup.data?.has_owner === false
      ? t('auth.signUp.first')
      : t('auth.signUp.text');

  return (
    <Door title={t('auth.signUp.title')}>
      {setup.isPending ? <Skeleton h={20} w="80%" /> : <Text c="dimmed">{words}</Text>}
      {!closed && <SignUpForm onLetter={setLetterTo} />}
      {setup.data?.has_owner !== false && (
        <Anchor mt="md" renderRoot={(props) => <Link to="/login" {...props} />}>
          {t('auth.signUp.haveAccount')}
        </Anchor>
      )}
    </Door>
  );
}
