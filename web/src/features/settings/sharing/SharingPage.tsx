import { Button, CopyButton, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { NewShareForm } from './NewShareForm';
import { Shelves } from './Shelves';
import { revokeShare, sharesQuery, shelvesQuery } from '../api/sharing';
import { Row } from '../Row';
import { Section } from '../Section';
import classes from '../settings.module.css';
import { useAct } from '../useAct';

import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

export function SharingPage() {
  return (
    <>
      <Links />
      <Shelves />
    </>
  );
}

/** Links by which anybody who holds them looks at something. */
function Links() {
  const { t } = useTranslation();
  const shares = useQuery(sharesQuery);
  const shelves = useQuery(shelvesQuery).data ?? [];
  const [making, setMaking] = useState(false);
  const [address, setAddress] = useState<string | null>(null);
  const revoke = useAct(revokeShare, { said: t('settings.shares.revoked'), renews: [['shares']] });
  const living = shares.data?.filter(({ revoked_at }) => revoked_at === null) ?? [];
  const named = (target: string, id: string) =>
    target === 'collection'
      ? (shelves.find((shelf) => shelf.id === id)?.name ?? t('settings.shares.targets.collection'))
      : t(target === 'item' ? 'settings.shares.targets.item' : 'settings.shares.targets.space');
  return (
    <Section title={t('settings.shares.title')} text={t('settings.shares.text')}>
      {shares.isPending && <Skeleton h={56} />}
      {shares.isError && <Failing error={shares.error} retry={shares.refetch} />}
      {address !== null && (
        <Stack mb="lg" gap="xs" role="status">
          <Text fw={600}>{t('settings.shares.once')}</Text>
          <div className={classes.secret}>{address}</div>
          <CopyButton value={address}>
            {({ copied, copy }) => (
              <Button w="fit-content" onClick={copy}>
                {t(copied ? 'common.copied' : 'common.copy')}
              </Button>
            )}
          </CopyButton>
        </Stack>
      )}
      <ul className={classes.fields}>
        {living.map((each) => (
          <Row
            key={each.id}
            title={each.label || named(each.target, each.target_id)}
            text={[
              named(each.target, each.target_id),
              t('settings.keys.until', { day: formatShortDay(each.expires_at as Instant) }),
              t('settings.shares.views', { count: each.views }),
              each.has_password && t('settings.shares.locked'),
              each.with_prices && t('settings.shares.priced'),
            ]
              .filter(Boolean)
              .join(' · ')}
          >
            <Button variant="default" onClick={() => revoke.mutate(each.id)}>
              {t('settings.keys.revoke')}
            </Button>
          </Row>
        ))}
      </ul>
      {making ? (
        <NewShareForm
          shelves={shelves}
          onMade={(made) => {
            setAddress(made);
            setMaking(false);
          }}
          onCancel={() => setMaking(false)}
        />
      ) : (
        <Button variant="default" onClick={() => setMaking(true)}>
          {t('settings.shares.add')}
        </Button>
      )}
    </Section>
  );
}
