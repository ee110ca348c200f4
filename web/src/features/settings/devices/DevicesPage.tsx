import { Badge, Button, Group, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';

import { devicesQuery, endDevice, endOthers, loginsQuery } from '../api/devices';
import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatMoment } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** Where one is logged in, and who tried to be. */
export function DevicesPage() {
  return (
    <>
      <Devices />
      <Logins />
    </>
  );
}

function Devices() {
  const { t } = useTranslation();
  const devices = useQuery(devicesQuery);
  const renews = [['devices']];
  const end = useAct(endDevice, { said: t('settings.devices.ended'), renews });
  const others = useAct(endOthers, { said: t('settings.devices.othersEnded'), renews });
  return (
    <Section title={t('settings.devices.title')} text={t('settings.devices.text')}>
      {devices.isPending && <Skeleton h={56} />}
      <Failing of={devices} />
      <ul className={classes.fields}>
        {devices.data?.map((each) => (
          <Row
            key={each.id}
            title={
              <Group gap="xs">
                {each.device ?? t('settings.devices.unknown')}
                {each.is_current && (
                  <Badge variant="light" tt="none">
                    {t('settings.devices.this')}
                  </Badge>
                )}
              </Group>
            }
            text={[
              each.ip,
              t('settings.lastUsed', {
                ago: formatAgo(each.last_used_at as Instant, t('common.ago.now')),
              }),
            ]
              .filter(Boolean)
              .join(' · ')}
          >
            {!each.is_current && (
              <Button variant="default" onClick={() => end.mutate(each.id)}>
                {t('settings.devices.end')}
              </Button>
            )}
          </Row>
        ))}
      </ul>
      {(devices.data?.length ?? 0) > 1 && (
        <Button variant="default" loading={others.isPending} onClick={() => others.mutate()}>
          {t('settings.devices.endOthers')}
        </Button>
      )}
    </Section>
  );
}

function Logins() {
  const { t } = useTranslation();
  const logins = useInfiniteQuery(loginsQuery);
  return (
    <Section title={t('settings.logins.title')} text={t('settings.logins.text')}>
      {logins.isPending && <Skeleton h={120} />}
      <Failing of={logins} />
      <ul className={classes.fields}>
        {logins.data?.pages
          .flatMap(({ rows }) => rows)
          .map((each) => (
            <Row
              key={each.id}
              title={[
                formatMoment(each.at as Instant),
                each.device ?? t('settings.devices.unknown'),
              ].join(' · ')}
              text={[t(`settings.logins.${methodOf(each.method)}`), each.ip]
                .filter(Boolean)
                .join(' · ')}
            >
              {each.outcome !== 'success' && (
                <Badge variant="light" color="danger" tt="none">
                  {t('settings.logins.failed')}
                </Badge>
              )}
            </Row>
          ))}
      </ul>
      <More of={logins} />
    </Section>
  );
}

const ways = ['password', 'passkey', 'second_factor', 'impersonation', 'registration'] as const;

/** `password+totp` is a password with a second factor, `outside:acme` a login at a provider. */
function methodOf(method: string): 'both' | 'outside' | 'program' | (typeof ways)[number] {
  if (method.startsWith('outside:')) return 'outside';
  if (method.startsWith('program:')) return 'program';
  if (method.includes('+')) return 'both';
  return ways.find((way) => way === method) ?? 'password';
}
