import { queryOptions } from '@tanstack/react-query';

import { invitationsLookup, type InvitationGlanceOut } from '@/api';
import { useTranslation } from '@/lib/i18n';

/** Who invites to what, by the token of the link; answered to strangers too. */
export const invitedQuery = (token: string | null) =>
  queryOptions({
    queryKey: ['invited', token],
    queryFn: async ({ signal }) =>
      (await invitationsLookup({ body: { token: token ?? '' }, signal })).data,
    enabled: token !== null,
    retry: false,
  });

const roles = ['owner', 'editor', 'viewer'] as const;

/** An invitation as a sentence, and what whoever takes it may do. */
export function useInvitationWords() {
  const { t } = useTranslation();
  return (invitation: InvitationGlanceOut) => {
    const who = invitation.inviter_name ?? t('auth.seat.somebody');
    const what = invitation.collection_name ?? invitation.space_name;
    const role = roles.find((each) => each === invitation.role) ?? 'viewer';
    return {
      sentence: what === null ? t('auth.seat.own', { who }) : t('auth.seat.named', { who, what }),
      may: t(`auth.seat.may.${role}`),
    };
  };
}
