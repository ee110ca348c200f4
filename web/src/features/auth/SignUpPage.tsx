import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';

import { CheckMail } from './CheckMail';
import { Door } from './Door';
import { InvitedBy } from './InvitedBy';
import { SignUpForm } from './SignUpForm';
import { isInvited } from './welcome';

import { useTranslation } from '@/lib/i18n';
import { setupQuery } from '@/lib/session/setup';

const route = getRouteApi('/sign-up');

export function SignUpPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const setup = useQuery(setupQuery);
  const [letterTo, setLetterTo] = useState<string | null>(null);
  if (letterTo !== null) return <CheckMail email={letterTo} next={next} />;
  const closed = setup.data?.has_owner === true && !setup.data.registration_open;
  const words = closed
    ? setup.data?.registration === 'invite'
      ? t('auth.signUp.inviteOnly')
      : t('auth.signUp.closed')
    : setup.data?.has_owner === false
      ? t('auth.signUp.first')
      : isInvited(next)
        ? t('auth.signUp.thenAccept')
        : t('auth.signUp.text');

  return (
    <Door title={t('auth.signUp.title')}>
      <InvitedBy next={next} />
      {setup.isPending ? <Skeleton h={20} w="80%" /> : <Text c="dimmed">{words}</Text>}
      {!closed && <SignUpForm next={next} onLetter={setLetterTo} />}
      {setup.data?.has_owner !== false && (
        <Anchor mt="md" renderRoot={(props) => <Link to="/login" search={{ next }} {...props} />}>
          {t('auth.signUp.haveAccount')}
        </Anchor>
      )}
    </Door>
  );
}
