import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { invitationTokenOf } from './welcome';

import { isNotFound } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { invitedQuery, useInvitationWords } from '@/lib/session/invited';

/** At the door: who invites to what, told before anybody makes an account for it. */
export function InvitedBy({ next }: { next: string | undefined }) {
  const { t } = useTranslation();
  const words = useInvitationWords();
  const { data, error } = useQuery(invitedQuery(invitationTokenOf(next)));
  if (isNotFound(error))
    return (
      <Text c="danger" mb="sm" role="alert">
        {t('auth.signUp.invitedBad')}
      </Text>
    );
  if (data === undefined) return null;
  const { sentence, may } = words(data);
  return (
    <Text mb="xs">
      <strong>{sentence}.</strong> {may}
    </Text>
  );
}
