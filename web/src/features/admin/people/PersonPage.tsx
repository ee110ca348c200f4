import { Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { Access } from './Access';
import { BackTo } from '../BackTo';
import { Rescue } from './Rescue';
import classes from '../admin.module.css';
import { type Account, nameOf, personQuery } from '../api/people';
import { someSpacesQuery } from '../api/spaces';
import { roleOf, stateOf } from './words';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatDay } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';
import { may } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/admin/people/$userId');

/** One person: what is known of the account, and what can be done for or against it. */
export function PersonPage() {
  const { t } = useTranslation();
  const { userId } = route.useParams();
  const person = useQuery(personQuery(userId));
  return (
    <div>
      <BackTo to="/admin/people" label={t('admin.person.back')} />
      {person.isPending && <Skeleton h={320} mt="md" />}
      <Failing of={person} />
      {person.data && (
        <>
          <Section title={nameOf(person.data)}>
            <Facts person={person.data} />
          </Section>
          <Access key={person.data.role} person={person.data} />
          <Rescue person={person.data} />
        </>
      )}
    </div>
  );
}

function Facts({ person }: { person: Account }) {
  const { t } = useTranslation();
  const me = useMe();
  const state = stateOf(person);
  return (
    <>
      <dl className={classes.facts}>
        <Fact label={t('admin.person.email')}>
          {person.email} ·{' '}
          {t(person.email_verified ? 'admin.person.verified' : 'admin.person.unverified')}
        </Fact>
        <Fact label={t('admin.person.role')}>{t(`admin.people.roles.${roleOf(person.role)}`)}</Fact>
        <Fact label={t('admin.person.state')}>
          {state === 'closing'
            ? t('admin.person.closes', { day: formatDay(person.closes_at as Instant) })
            : state === 'disabled'
              ? t('admin.person.lockedOn', { day: formatDay(person.disabled_at as Instant) })
              : t('admin.people.states.active')}
        </Fact>
        <Fact label={t('admin.person.factor')}>
          {t(person.has_second_factor ? 'admin.person.on' : 'admin.person.off')}
        </Fact>
        <Fact label={t('admin.person.sessions')}>
          {person.sessions === 0
            ? t('admin.person.nowhere')
            : t('admin.person.devices', { count: person.sessions })}
        </Fact>
        <Fact label={t('admin.person.seen')}>
          {person.last_seen_at === null
            ? t('common.notKnown')
            : formatAgo(person.last_seen_at as Instant, t('common.ago.now'))}
        </Fact>
        <Fact label={t('admin.person.since')}>{formatDay(person.created_at as Instant)}</Fact>
        {may(me, 'spaces:manage') && <Holds id={person.id} />}
      </dl>
      <Group gap="lg" mt="md">
        {may(me, 'quotas:manage') && may(me, 'spaces:manage') && (
          <Link
            to="/admin/spaces/$spaceId"
            params={{ spaceId: person.id }}
            className={classes.name}
          >
            {t('admin.person.quota')}
          </Link>
        )}
        {may(me, 'audit:read') && (
          <Link to="/admin/audit" search={{ actor: person.id }} className={classes.name}>
            {t('admin.person.trail')}
          </Link>
        )}
      </Group>
    </>
  );
}

/** A person's own space has their id. */
function Holds({ id }: { id: string }) {
  const { t } = useTranslation();
  const space = useQuery(someSpacesQuery([id])).data?.[0];
  if (space === undefined) return null;
  return (
    <Fact label={t('admin.person.storage')}>
      {t('admin.person.holds', { count: space.items, size: formatSize(space.storage_bytes) })}
    </Fact>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
