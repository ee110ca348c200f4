import { Button, Checkbox, Group, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { Offers } from './Offers';
import { roles } from './roles';
import { changeMember, membersQuery, removeMember } from '../api/spaces';
import classes from '../settings.module.css';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toastProblem } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import { enterSpace, type Space } from '@/lib/session/spaces';

/** Who belongs to the space that one is in; owners change it. */
export function Members({ space }: { space: Space }) {
  const { t } = useTranslation();
  const me = useMe();
  const members = useQuery(membersQuery(space.id));
  const owns = space.role === 'owner';
  const renews = [['members', space.id]];
  const change = useAct(changeMember, { said: t('settings.members.changed'), renews });
  const remove = useAct(removeMember, { said: t('settings.members.removed'), renews });
  const [leaving, setLeaving] = useState(false);
  const leave = useAct(removeMember, {
    renews: [['spaces']],
    onDone: () => void enterSpace({ ...space, id: me.id }, me).catch(toastProblem),
  });
  const ownSpace = space.id === me.id;
  return (
    <Section
      title={
        space.name === null
          ? t('settings.members.own')
          : t('settings.members.title', { name: space.name })
      }
      text={t('settings.members.text')}
    >
      <Failing of={members} />
      <ul className={classes.fields}>
        {members.data?.map((member) => {
          const name = member.display_name ?? member.email;
          const seat = { spaceId: space.id, userId: member.user_id };
          return (
            <Row key={member.user_id} title={name} text={member.email}>
              {owns && member.user_id !== me.id && (
                <Group gap="sm" justify="flex-end">
                  <Checkbox
                    label={t('settings.members.money')}
                    checked={member.sees_money}
                    disabled={member.role === 'owner'}
                    onChange={(event) =>
                      change.mutate({ ...seat, sees_money: event.target.checked })
                    }
                  />
                  <NativeSelect
                    aria-label={t('settings.members.roleOf', { name })}
                    data={roles.map((value) => ({
                      value,
                      label: t(`settings.spaces.roles.${value}`),
                    }))}
                    value={member.role}
                    onChange={(event) => change.mutate({ ...seat, role: event.target.value })}
                  />
                  <Button
                    variant="default"
                    aria-label={t('settings.members.removeOne', { name })}
                    onClick={() => remove.mutate(seat)}
                  >
                    {t('settings.members.remove')}
                  </Button>
                </Group>
              )}
            </Row>
          );
        })}
      </ul>
      {owns && <Offers spaceId={space.id} name={space.name} />}
      {!ownSpace && (
        <Button mt="md" variant="default" onClick={() => setLeaving(true)}>
          {t('settings.members.leave')}
        </Button>
      )}
      {leaving && (
        <AskFirst
          act={t('settings.members.leave')}
          text={t('settings.members.leaveText')}
          pending={leave.isPending}
          onYes={() => leave.mutate({ spaceId: space.id, userId: me.id })}
          onClose={() => setLeaving(false)}
        />
      )}
    </Section>
  );
}
