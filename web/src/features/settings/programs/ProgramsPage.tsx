import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { NewKeyForm } from './NewKeyForm';
import { OwnPrograms } from './OwnPrograms';
import { disconnectProgram, keysQuery, programsQuery, revokeKey } from '../api/programs';
import classes from '../settings.module.css';

import { Copy } from '@/components/feedback/Copy';
import { FormBehind } from '@/components/feedback/FormBehind';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Keys that one hands to programs, and programs that were let in by a login. */
export function ProgramsPage() {
  return (
    <>
      <Keys />
      <Connected />
      <OwnPrograms />
    </>
  );
}

function Keys() {
  const { t } = useTranslation();
  const keys = useQuery(keysQuery);
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = useAct(revokeKey, { said: t('settings.keys.revoked'), renews: [['api-keys']] });
  return (
    <Section title={t('settings.keys.title')} text={t('settings.keys.text')}>
      {keys.isPending && <Skeleton h={56} />}
      <Failing of={keys} />
      {secret !== null && <Secret secret={secret} onKept={() => setSecret(null)} />}
      <ul className={classes.fields}>
        {keys.data?.map((each) => (
          <Row
            key={each.id}
            title={each.name}
            text={[
              `${each.prefix}…`,
              each.scopes.join(', '),
              each.expires_at === null
                ? t('settings.keys.endless')
                : t('settings.keys.until', { day: formatShortDay(each.expires_at as Instant) }),
              each.last_used_at === null
                ? t('settings.neverUsed')
                : t('settings.lastUsed', {
                    ago: formatAgo(each.last_used_at as Instant, t('common.ago.now')),
                  }),
            ].join(' · ')}
          >
            <Button
              variant="default"
              aria-label={t('settings.keys.revokeOne', { name: each.name })}
              onClick={() => revoke.mutate(each.id)}
            >
              {t('settings.keys.revoke')}
            </Button>
          </Row>
        ))}
      </ul>
      <FormBehind act={t('settings.keys.add')}>
        {(close) => (
          <NewKeyForm
            onMade={(made) => {
              setSecret(made);
              close();
            }}
            onCancel={close}
          />
        )}
      </FormBehind>
    </Section>
  );
}

/** The only time that a key is seen. */
function Secret({ secret, onKept }: { secret: string; onKept: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack mb="lg" gap="xs" role="status">
      <Text fw={600}>{t('settings.keys.once')}</Text>
      <div className={classes.secret}>{secret}</div>
      <Group>
        <Copy value={secret} />
        <Button variant="default" onClick={onKept}>
          {t('common.factor.codesKept')}
        </Button>
      </Group>
    </Stack>
  );
}

function Connected() {
  const { t } = useTranslation();
  const programs = useQuery(programsQuery);
  const off = useAct(disconnectProgram, {
    said: t('settings.connected.off'),
    renews: [['programs']],
  });
  if (programs.data?.length === 0 || programs.isPending) return null;
  return (
    <Section title={t('settings.connected.title')} text={t('settings.connected.text')}>
      <Failing of={programs} />
      <ul className={classes.fields}>
        {programs.data?.map((each) => (
          <Row
            key={each.client_id}
            title={each.name}
            text={[
              each.scopes.join(', '),
              t('settings.made', { day: formatShortDay(each.since as Instant) }),
            ].join(' · ')}
          >
            <Button variant="default" onClick={() => off.mutate(each.client_id)}>
              {t('settings.connected.act')}
            </Button>
          </Row>
        ))}
      </ul>
    </Section>
  );
}
