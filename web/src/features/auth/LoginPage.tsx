import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { type Asked, askedInAddress } from './api/logIn';
import { Door } from './Door';
import { InvitedBy } from './InvitedBy';
import { PasswordLogin } from './PasswordLogin';
import { SecondStep } from './SecondStep';
import { useEnter } from './useEnter';
import { welcomeTo } from './welcome';

import { useTranslation } from '@/lib/i18n';
import { wasHere } from '@/lib/session/wasHere';

const route = getRouteApi('/login');

const told = [
  'outside_login_expired',
  'outside_login_refused',
  'outside_email_unverified',
  'outside_no_account',
  'outside_account_exists',
  'provider_unavailable',
  'owner_first',
] as const;

export function LoginPage() {
  const { t } = useTranslation();
  const { next, problem } = route.useSearch();
  const [welcome] = useState(() => welcomeTo(next, wasHere()));
  const [asked, setAsked] = useState<Asked | null>(() => askedInAddress(window.location.hash));
  // Whoever has an account already links the outside login that waits in this browser.
  const enter = useEnter(problem === 'outside_account_exists' ? '/settings/security' : next);

  if (asked !== null)
    return (
      <Door title={t('auth.second.title')}>
        <SecondStep asked={asked} onDone={enter} onBack={() => setAsked(null)} />
      </Door>
    );
  const known = told.find((code) => code === problem);
  return (
    <Door title={t(welcome === 'invited' ? 'auth.logIn.invitedTitle' : 'auth.logIn.title')}>
      {problem !== undefined ? (
        <Text c="danger" mb="sm" role="alert">
          {t(`auth.problems.${known ?? 'other'}`)}
        </Text>
      ) : (
        welcome !== null && (
          <>
            <InvitedBy next={next} />
            <Text c="dimmed" mb="sm">
              {t(`auth.logIn.${welcome}`)}
            </Text>
          </>
        )
      )}
      <PasswordLogin next={next} onAsked={setAsked} onDone={enter} />
    </Door>
  );
}
