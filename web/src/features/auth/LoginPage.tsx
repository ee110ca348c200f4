import { Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { type Asked, askedInAddress } from './api/logIn';
import { Door } from './Door';
import { PasswordLogin } from './PasswordLogin';
import { SecondStep } from './SecondStep';
import { useEnter } from './useEnter';

import { useTranslation } from '@/lib/i18n';

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
    <Door title={t('auth.logIn.title')}>
      {problem !== undefined ? (
        <Text c="danger" mb="sm" role="alert">
          {t(`auth.problems.${known ?? 'other'}`)}
        </Text>
      ) : (
        next !== undefined && (
          <Text c="dimmed" mb="sm">
            {t('auth.logIn.expired')}
          </Text>
        )
      )}
      <PasswordLogin next={next} onAsked={setAsked} onDone={enter} />
    </Door>
  );
}
