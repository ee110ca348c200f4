import { Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { NewInvitationForm } from './NewInvitationForm';
import { type Invitation, invitationsQuery, type Made, withdraw } from '../api/invitations';
import { nameOf, namedQuery } from '../api/people';
import { roleOf } from '../people/words';
import { standingOf } from './standing';

import { OnceShown } from '@/components/sharing/OnceShown';
import { FormBehind } from '@/components/feedback/FormBehind';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Who may make an account by invitation. */
export function InvitationsPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(invitationsQuery);
  const [made, setMade] = useState<Made | null>(null);
  const invitations = list.data?.pages.flatMap(({ rows }) => rows) ?? [];
  const makers = invitations.flatMap(({ created_by }) => (created_by === null ? [] : [created_by]));
  const people = useQuery(namedQuery([...new Set(makers)].sort())).data;
  const names = new Map(people?.map((person) => [person.id, nameOf(person)]));
  return (
    <Section title={t('admin.invitations.title')} text={t('admin.invitations.text')}>
      {made !== null && (
        <OnceShown
          address={made.address}
          text={
            made.email === null
              ? t('admin.invitations.once')
              : t('admin.invitations.sent', { email: made.email })
          }
        />
      )}
      <FormBehind
        act={t('admin.invitations.add')}
        mb="md"
        variant={made === null ? 'filled' : 'default'}
      >
        {(close) => (
          <NewInvitationForm
            onMade={(invitation) => {
              setMade(invitation);
              close();
            }}
            onCancel={close}
          />
        )}
      </FormBehind>
      {list.isPending && <Skeleton h={120} />}
      <Failing of={list} />
      {list.data !== undefined && invitations.length === 0 && (
        <Text c="dimmed">{t('admin.invitations.none')}</Text>
      )}
      <Rows>
        {invitations.map((each) => (
          <Offer key={each.id} offer={each} maker={names.get(each.created_by ?? '')} />
        ))}
      </Rows>
      <More of={list} />
    </Section>
  );
}

function Offer({ offer, maker }: { offer: Invitation; maker: string | undefined }) {
  const { t } = useTranslation();
  const revoke = useAct(withdraw, {
    said: t('admin.invitations.revoked'),
    renews: [['server-invitations']],
  });
  const [opened] = useState(Date.now);
  const standing = standingOf(offer, opened);
  const name = offer.email ?? t('admin.invitations.anybody');
  return (
    <Row
      title={
        <Group gap="xs">
          {name}
          {standing !== 'open' && (
            <Badge variant="default" tt="none">
              {t(`admin.invitations.${standing}`)}
            </Badge>
          )}
        </Group>
      }
      text={[
        t(`admin.people.roles.${roleOf(offer.role)}`),
        t('admin.invitations.used', { uses: offer.uses, max: offer.max_uses }),
        t('admin.invitations.until', { day: formatShortDay(offer.expires_at as Instant) }),
        maker !== undefined && t('admin.invitations.by', { name: maker }),
      ]
        .filter(Boolean)
        .join(' · ')}
    >
      {standing === 'open' && (
        <Button
          variant="default"
          loading={revoke.isPending}
          aria-label={t('admin.invitations.revokeOne', { name })}
          onClick={() => revoke.mutate(offer.id)}
        >
          {t('admin.invitations.revoke')}
        </Button>
      )}
    </Row>
  );
}
