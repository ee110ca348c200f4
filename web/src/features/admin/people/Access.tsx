import { Button, Group, NativeSelect, Text } from '@mantine/core';
import { useState } from 'react';

import { type Account, changeRole, lock, nameOf, unlock } from '../api/people';
import { roleOf, roles } from './words';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toastProblem } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { actAs } from '@/lib/session/acting';
import { may } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

const renews = [['people']];

/** What the person may do here, whether they may come in at all, and helping them in their place. */
export function Access({ person }: { person: Account }) {
  const { t } = useTranslation();
  const me = useMe();
  const [locking, setLocking] = useState(false);
  const close = useAct(lock, {
    said: t('admin.person.locked'),
    renews,
    onDone: () => setLocking(false),
  });
  const open = useAct(unlock, { said: t('admin.person.unlocked'), renews });
  const isSelf = person.id === me.id;
  const isLocked = person.disabled_at !== null;
  const mayAct =
    may(me, 'impersonate') && person.role !== 'admin' && !isLocked && person.closes_at === null;
  return (
    <Section title={t('admin.person.access')}>
      <Rows>
        <RoleRow person={person} />
        {!isSelf && (
          <Row
            title={t(isLocked ? 'admin.person.unlockTitle' : 'admin.person.lockTitle')}
            text={t('admin.person.lockText')}
          >
            <Button
              variant="default"
              loading={open.isPending}
              onClick={() => (isLocked ? open.mutate(person.id) : setLocking(true))}
            >
              {t(isLocked ? 'admin.person.unlock' : 'admin.person.lock')}
            </Button>
          </Row>
        )}
        {mayAct && <ActRow person={person} />}
      </Rows>
      {isSelf && <Text c="dimmed">{t('admin.person.self')}</Text>}
      {locking && (
        <AskFirst
          act={t('admin.person.lock')}
          text={t('admin.person.lockText')}
          pending={close.isPending}
          onYes={() => close.mutate(person.id)}
          onClose={() => setLocking(false)}
        />
      )}
    </Section>
  );
}

function RoleRow({ person }: { person: Account }) {
  const { t } = useTranslation();
  const [role, setRole] = useState(roleOf(person.role));
  const change = useAct(changeRole, { said: t('admin.person.roleChanged'), renews });
  return (
    <Row title={t('admin.person.role')} text={t('admin.person.roleText')}>
      <Group gap="xs" justify="flex-end">
        <NativeSelect
          aria-label={t('admin.person.role')}
          data={roles.map((value) => ({ value, label: t(`admin.people.roles.${value}`) }))}
          value={role}
          onChange={(event) => setRole(roleOf(event.target.value))}
        />
        {role !== person.role && (
          <Button
            loading={change.isPending}
            aria-label={t('admin.person.makeRole', {
              name: nameOf(person),
              role: t(`admin.people.roles.${role}`),
            })}
            onClick={() => change.mutate({ id: person.id, role })}
          >
            {t('admin.person.changeRole')}
          </Button>
        )}
      </Group>
    </Row>
  );
}

function ActRow({ person }: { person: Account }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const begin = () => {
    setLeaving(true);
    actAs(person.id).catch((error: unknown) => {
      setLeaving(false);
      setAsking(false);
      toastProblem(error);
    });
  };
  return (
    <Row title={t('admin.person.actTitle')} text={t('admin.person.actText')}>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('admin.person.act')}
      </Button>
      {asking && (
        <AskFirst
          act={t('admin.person.act')}
          text={t('admin.person.actAsk', { name: nameOf(person) })}
          pending={leaving}
          onYes={begin}
          onClose={() => setAsking(false)}
        />
      )}
    </Row>
  );
}
