import { ActionIcon, Button, Skeleton, Text } from '@mantine/core';
import { IconFingerprint, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { NewCodesDialog } from './Codes';
import { passkeysQuery, removePasskey } from '../api/security';
import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { addPasskey, type NewCodes } from '@/components/secondFactor/api/factors';
import { Failing } from '@/components/states/Failing';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { passkeysWork } from '@/lib/passkeys';

export function Passkeys() {
  const { t } = useTranslation();
  const passkeys = useQuery(passkeysQuery);
  const [codes, setCodes] = useState<NewCodes>(null);
  const renews = [['passkeys'], ['factors']];
  const add = useAct(addPasskey, {
    said: t('settings.passkeys.added'),
    renews,
    onDone: ({ recovery_codes }) => setCodes(recovery_codes),
  });
  const remove = useAct(removePasskey, { said: t('settings.passkeys.removed'), renews });
  return (
    <Section title={t('settings.passkeys.title')} text={t('settings.passkeys.text')}>
      {passkeys.isPending && <Skeleton h={56} />}
      <Failing of={passkeys} />
      <ul className={classes.fields}>
        {passkeys.data?.map((each) => (
          <Row
            key={each.id}
            title={each.name || t('settings.passkeys.unnamed')}
            text={[
              t('settings.made', { day: formatShortDay(each.created_at as Instant) }),
              each.last_used_at === null
                ? t('settings.neverUsed')
                : t('settings.lastUsed', {
                    ago: formatAgo(each.last_used_at as Instant, t('common.ago.now')),
                  }),
            ].join(' · ')}
          >
            <ActionIcon
              aria-label={t('settings.passkeys.remove', { name: each.name })}
              onClick={() => remove.mutate(each.id)}
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          </Row>
        ))}
      </ul>
      {passkeysWork() ? (
        <Button
          variant="default"
          leftSection={<IconFingerprint size={20} aria-hidden />}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {t('settings.passkeys.add')}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {t('settings.passkeys.notHere')}
        </Text>
      )}
      <NewCodesDialog codes={codes} onKept={() => setCodes(null)} />
    </Section>
  );
}
