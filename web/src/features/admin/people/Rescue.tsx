import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { type Account, logOut, sendReset, takeFactors } from '../api/people';
import { settingsQuery } from '../api/server';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toast } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { may } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

const renews = [['people']];

/** For somebody who lost their password, their factors, or a device. */
export function Rescue({ person }: { person: Account }) {
  const { t } = useTranslation();
  const [taking, setTaking] = useState(false);
  const out = useAct(logOut, {
    renews,
    onDone: (count) => toast(t('admin.person.loggedOut', { count })),
  });
  const reset = useAct(sendReset, { said: t('admin.person.resetSent'), renews });
  const take = useAct(takeFactors, {
    said: t('admin.person.factorsGone'),
    renews,
    onDone: () => setTaking(false),
  });
  const folder = useWritesToFolder();
  if (person.id === useMe().id) return null;
  return (
    <Section title={t('admin.person.logins')}>
      <Rows>
        <Row title={t('admin.person.logoutTitle')} text={t('admin.person.logoutText')}>
          <Button variant="default" loading={out.isPending} onClick={() => out.mutate(person.id)}>
            {t('admin.person.logout')}
          </Button>
        </Row>
        <Row
          title={t('admin.person.resetTitle')}
          text={[t('admin.person.resetText'), folder && t('admin.person.resetFolder')]
            .filter(Boolean)
            .join(' ')}
        >
          <Button
            variant="default"
            loading={reset.isPending}
            onClick={() => reset.mutate(person.id)}
          >
            {t('admin.person.reset')}
          </Button>
        </Row>
        {person.has_second_factor && (
          <Row title={t('admin.person.factorsTitle')} text={t('admin.person.factorsText')}>
            <Button variant="default" onClick={() => setTaking(true)}>
              {t('admin.person.factors')}
            </Button>
          </Row>
        )}
      </Rows>
      {taking && (
        <AskFirst
          act={t('admin.person.factors')}
          text={t('admin.person.factorsAsk')}
          pending={take.isPending}
          onYes={() => take.mutate(person.id)}
          onClose={() => setTaking(false)}
        />
      )}
    </Section>
  );
}

/** Without a mail server letters wait in a folder of the server, where somebody must fetch them. */
function useWritesToFolder(): boolean {
  const me = useMe();
  const settings = useQuery({ ...settingsQuery, enabled: may(me, 'settings:manage') }).data;
  const host = settings?.find(({ name }) => name === 'ARMARIUM_MAIL__HOST');
  return host !== undefined && (host.value === null || host.value === '');
}
