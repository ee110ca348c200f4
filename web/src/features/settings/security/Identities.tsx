import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import {
  confirmWaiting,
  identitiesQuery,
  linkIdentity,
  providersQuery,
  unlinkIdentity,
  waitingQuery,
} from '../api/security';
import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatAgo } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Logins at other providers; nothing where this server trusts none. */
export function Identities() {
  const { t } = useTranslation();
  const linked = useQuery(identitiesQuery);
  const identities = linked.data ?? [];
  const providers = useQuery(providersQuery).data ?? [];
  const waiting = useQuery({ ...waitingQuery, enabled: providers.length > 0 }).data ?? null;
  const renews = [['identities']];
  const link = useAct(linkIdentity, { renews: [], onDone: (url) => window.location.assign(url) });
  const unlink = useAct(unlinkIdentity, { said: t('settings.identities.unlinked'), renews });
  const confirm = useAct(confirmWaiting, { said: t('settings.identities.linked'), renews });
  if (providers.length === 0 && identities.length === 0 && !linked.isLoadingError) return null;
  return (
    <Section title={t('settings.identities.title')} text={t('settings.identities.text')}>
      {waiting !== null && (
        <Group mb="md">
          <Text>{t('settings.identities.waiting', { label: waiting.label })}</Text>
          <Button loading={confirm.isPending} onClick={() => confirm.mutate()}>
            {t('settings.identities.confirm')}
          </Button>
        </Group>
      )}
      <Failing of={linked} />
      <ul className={classes.fields}>
        {identities.map((each) => (
          <Row
            key={each.id}
            title={each.label}
            text={[
              each.email,
              t('settings.lastUsed', {
                ago: formatAgo(each.last_used_at as Instant, t('common.ago.now')),
              }),
            ]
              .filter(Boolean)
              .join(' · ')}
          >
            <Button variant="default" onClick={() => unlink.mutate(each.id)}>
              {t('settings.identities.unlink')}
            </Button>
          </Row>
        ))}
      </ul>
      <Group>
        {linked.isSuccess &&
          providers
            .filter(({ name }) => !identities.some(({ provider }) => provider === name))
            .map(({ name, label }) => (
              <Button
                key={name}
                variant="default"
                loading={link.isPending}
                onClick={() => link.mutate(name)}
              >
                {t('settings.identities.link', { label })}
              </Button>
            ))}
      </Group>
    </Section>
  );
}
