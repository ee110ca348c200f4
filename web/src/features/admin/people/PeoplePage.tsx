import { Badge, Group, Select } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import classes from '../admin.module.css';
import { type Account, nameOf, peopleQuery, type Wanted } from '../api/people';
import { roleOf, roles, stateOf, states } from './words';

import { Find } from '@/components/filters/Find';
import { PagedRows } from '@/components/rows/PagedRows';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import type { Instant } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/admin/people');

/** Everybody with an account, found by name or address and narrowed by role and state. */
export function PeoplePage() {
  const { t } = useTranslation();
  const wanted = route.useSearch();
  const list = useInfiniteQuery(peopleQuery(wanted));
  return (
    <Section title={t('admin.people.title')} text={t('admin.people.text')}>
      <Narrow wanted={wanted} />
      <PagedRows
        list={list}
        label={t('admin.people.title')}
        none={{ title: t('admin.people.none.title'), text: t('admin.people.none.text') }}
      >
        {(each) => <Person key={each.id} person={each} />}
      </PagedRows>
    </Section>
  );
}

function Narrow({ wanted }: { wanted: Wanted }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const narrow = (part: Wanted) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <div className={classes.narrow}>
      <Find
        aria-label={t('admin.people.find')}
        placeholder={t('admin.people.findHint')}
        defaultValue={wanted.q}
        onFind={(q) => narrow({ q })}
      />
      <Select
        aria-label={t('admin.people.role')}
        placeholder={t('admin.people.anyRole')}
        data={roles.map((value) => ({ value, label: t(`admin.people.roles.${value}`) }))}
        value={wanted.role ?? null}
        onChange={(role) => narrow({ role: roles.find((each) => each === role) })}
        clearable
      />
      <Select
        aria-label={t('admin.people.state')}
        placeholder={t('admin.people.anyState')}
        data={states.map((value) => ({ value, label: t(`admin.people.states.${value}`) }))}
        value={wanted.state ?? null}
        onChange={(state) => narrow({ state: states.find((each) => each === state) })}
        clearable
      />
    </div>
  );
}

function Person({ person }: { person: Account }) {
  const { t } = useTranslation();
  const me = useMe();
  const role = roleOf(person.role);
  const state = stateOf(person);
  return (
    <Row
      title={
        <Group gap="xs">
          <Link to="/admin/people/$userId" params={{ userId: person.id }} className={classes.name}>
            {nameOf(person)}
          </Link>
          {person.id === me.id && (
            <Badge variant="light" tt="none">
              {t('admin.people.you')}
            </Badge>
          )}
        </Group>
      }
      text={[
        person.display_name !== null && person.email,
        t(person.has_second_factor ? 'admin.people.factor' : 'admin.people.noFactor'),
        person.last_seen_at === null
          ? t('admin.people.neverSeen')
          : t('admin.people.seen', {
              ago: formatAgo(person.last_seen_at as Instant, t('common.ago.now')),
            }),
      ]
        .filter(Boolean)
        .join(' · ')}
    >
      <Group gap={6} justify="flex-end">
        {role !== 'user' && (
          <Badge variant="light" tt="none">
            {t(`admin.people.roles.${role}`)}
          </Badge>
        )}
        {state !== 'active' && (
          <Badge variant="light" color="danger" tt="none">
            {t(`admin.people.states.${state}`)}
          </Badge>
        )}
      </Group>
    </Row>
  );
}
