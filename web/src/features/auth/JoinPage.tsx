import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { invitationQuery } from './api/invitation';
import { CheckMail } from './CheckMail';
import { Door } from './Door';
import { SignUpForm } from './SignUpForm';

import { Failing } from '@/components/states/Failing';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { useToken } from '@/lib/session/useToken';

/** Where the link of an invitation to this server leads. */
export function JoinPage() {
  const { t } = useTranslation();
  const token = useToken();
  const offer = useQuery({ ...invitationQuery(token ?? ''), enabled: token !== null });
  const [letterTo, setLetterTo] = useState<string | null>(null);
  if (letterTo !== null) return <CheckMail email={letterTo} />;
  return (
    <Door title={t('auth.signUp.title')}>
      {token === null || offer.error instanceof ApiProblem ? (
        <Text role="alert">{t('auth.signUp.invitedBad')}</Text>
      ) : offer.isLoadingError ? (
        <Failing of={offer} />
      ) : offer.isPending ? (
        <Skeleton h={220} />
      ) : (
        <>
          <Text c="dimmed">{t('auth.signUp.invited')}</Text>
          <SignUpForm email={offer.data.email} invitation={token} onLetter={setLetterTo} />
        </>
      )}
      <Anchor mt="md" renderRoot={(props) => <Link to="/login" {...props} />}>
        {t('auth.signUp.haveAccount')}
      </Anchor>
    </Door>
  );
}
