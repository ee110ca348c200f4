import '@/lib/i18n/later';

import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { accept, decline } from '../api/spaces';

import { useAct } from '@/components/feedback/useAct';
import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { invitedQuery, useInvitationWords } from '@/lib/session/invited';

/** Where the link to a seat in a space leads. */
export function InvitationPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token'));
  const offer = useQuery(invitedQuery(token));
  const words = useInvitationWords();
  const after = () => void navigate({ to: '/settings/spaces' });
  const renews = [['spaces'], ['invitations']];
  const yes = useAct(accept, { said: t('settings.spaces.accepted'), renews, onDone: after });
  const no = useAct(decline, { said: t('settings.spaces.declined'), renews, onDone: after });
  if (token === null || offer.isLoadingError)
    return (
      <>
        <PageHead title={t('settings.spaces.invitation')} />
        {token === null ? (
          <Text role="alert">{t('auth.reset.noToken')}</Text>
        ) : (
          <Failing of={offer} />
        )}
      </>
    );
  if (offer.isPending) return <Skeleton h={160} maw={560} />;
  const { sentence, may } = words(offer.data);
  return (
    <>
      <PageHead title={sentence} text={`${may} ${t('settings.spaces.invitationText')}`} />
      <Group>
        <Button size="lg" loading={yes.isPending} onClick={() => yes.mutate({ token })}>
          {t('settings.spaces.accept')}
        </Button>
        <Button
          size="lg"
          variant="default"
          loading={no.isPending}
          onClick={() => no.mutate({ token })}
        >
          {t('settings.spaces.decline')}
        </Button>
      </Group>
    </>
  );
}
