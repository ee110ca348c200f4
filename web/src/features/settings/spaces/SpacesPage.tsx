import { Badge, Button, Group, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { Members } from './Members';
import { NewSpaceForm } from './NewSpaceForm';
import { SpaceTrash } from './SpaceTrash';
import { ThisSpace } from './ThisSpace';
import { Usage } from './Usage';
import { askToVerify } from '../api/security';
import { accept, decline, offeredQuery } from '../api/spaces';
import classes from '../settings.module.css';

import { toastProblem } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import { enterSpace, spacesQuery } from '@/lib/session/spaces';

/** Where one has a seat, and who else has one here. */
export function SpacesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const spaces = useQuery(spacesQuery);
  const [making, setMaking] = useState(false);
  const here = spaces.data?.find(({ id }) => id === me.space_id);
  return (
    <>
      <Section title={t('settings.spaces.title')} text={t('settings.spaces.text')}>
        {spaces.isPending && <Skeleton h={56} />}
        <Failing of={spaces} />
        <ul className={classes.fields}>
          {spaces.data?.map((space) => (
            <Row
              key={space.id}
              title={
                <Group gap="xs">
                  {space.name ?? t('shell.ownSpace')}
                  {space.id === me.space_id && (
                    <Badge variant="light" tt="none">
                      {t('settings.spaces.here')}
                    </Badge>
                  )}
                </Group>
              }
              text={roleWord(space.role)}
            >
              {space.id !== me.space_id && (
                <Button
                  variant="default"
                  aria-label={t('settings.spaces.enterOne', {
                    name: space.name ?? t('shell.ownSpace'),
                  })}
                  onClick={() => void enterSpace(space, me).catch(toastProblem)}
                >
                  {t('settings.spaces.enter')}
                </Button>
              )}
            </Row>
          ))}
        </ul>
        {making ? (
          <NewSpaceForm onClose={() => setMaking(false)} />
        ) : (
          <Button variant="default" onClick={() => setMaking(true)}>
            {t('settings.spaces.add')}
          </Button>
        )}
      </Section>
      {me.email_verified ? <Offered /> : <Unproved email={me.email} />}
      {here !== undefined && here.collections.length === 0 && (
        <>
          <Usage space={here} />
          <Members space={here} />
          {here.role === 'owner' && here.kind !== 'person' && (
            <ThisSpace key={here.id} space={here} />
          )}
        </>
      )}
      <SpaceTrash />
    </>
  );

  function roleWord(role: string): string {
    return role === 'owner' || role === 'editor' || role === 'viewer'
      ? t(`settings.spaces.roles.${role}`)
      : role;
  }
}

/** Anybody can give any address, so what is offered to it waits until its letter is answered. */
function Unproved({ email }: { email: string }) {
  const { t } = useTranslation();
  const said = t('settings.spaces.letterSent', { email });
  const asking = useAct(askToVerify, { said, renews: [] });
  return (
    <Section title={t('settings.spaces.offered')} text={t('settings.spaces.unproved', { email })}>
      <Button variant="default" loading={asking.isPending} onClick={() => asking.mutate()}>
        {t('settings.spaces.sendLetter')}
      </Button>
    </Section>
  );
}

/** Seats that others offer to the person's address. */
function Offered() {
  const { t } = useTranslation();
  const offered = useQuery(offeredQuery);
  const renews = [['invitations'], ['spaces']];
  const yes = useAct(accept, { said: t('settings.spaces.accepted'), renews });
  const no = useAct(decline, { said: t('settings.spaces.declined'), renews });
  if (offered.data?.length === 0 || offered.isPending) return null;
  return (
    <Section title={t('settings.spaces.offered')}>
      <Failing of={offered} />
      <ul className={classes.fields}>
        {offered.data?.map((each) => (
          <Row key={each.id} title={each.collection_name ?? each.space_name}>
            <Group gap="xs" wrap="nowrap">
              <Button onClick={() => yes.mutate({ invitation_id: each.id })}>
                {t('settings.spaces.accept')}
              </Button>
              <Button variant="default" onClick={() => no.mutate({ invitation_id: each.id })}>
                {t('settings.spaces.decline')}
              </Button>
            </Group>
          </Row>
        ))}
      </ul>
    </Section>
  );
}
