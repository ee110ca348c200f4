import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import classes from '../settings.module.css';

import { Dialog } from '@/components/feedback/Dialog';
import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import {
  factorsQuery,
  type NewCodes,
  removeTotp,
  renewCodes,
} from '@/components/secondFactor/api/factors';
import { EnrolTotp } from '@/components/secondFactor/EnrolTotp';
import { RecoveryCodes } from '@/components/secondFactor/RecoveryCodes';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { toast } from '@/components/feedback/toast';

/** Codes of an app, and those for when it is out of reach. */
export function Codes() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const factors = useQuery(factorsQuery);
  const [setting, setSetting] = useState(false);
  const [codes, setCodes] = useState<NewCodes>(null);
  const renews = [['factors']];
  const off = useAct(removeTotp, { said: t('settings.factors.isOff'), renews });
  const renew = useAct(renewCodes, { renews, onDone: setCodes });
  const done = (made: NewCodes) => {
    setSetting(false);
    setCodes(made);
    toast(t('settings.factors.isOn'));
    void queryClient.invalidateQueries({ queryKey: ['factors'] });
  };
  return (
    <Section title={t('settings.factors.title')} text={t('settings.factors.text')}>
      {factors.isPending && <Skeleton h={56} />}
      <Failing of={factors} />
      {factors.data && (
        <>
          {factors.data.required && (
            <Text size="sm" c="dimmed" mb="xs">
              {t('settings.factors.required')}
            </Text>
          )}
          <ul className={classes.fields}>
            <Row
              title={t('settings.factors.app')}
              text={t(factors.data.totp ? 'settings.factors.on' : 'settings.factors.off')}
            >
              {factors.data.totp ? (
                <Button variant="default" loading={off.isPending} onClick={() => off.mutate()}>
                  {t('settings.factors.turnOff')}
                </Button>
              ) : (
                <Button variant="default" onClick={() => setSetting(true)}>
                  {t('settings.factors.turnOn')}
                </Button>
              )}
            </Row>
            {factors.data.is_on && (
              <Row
                title={t('common.factor.codesTitle')}
                text={t('settings.factors.left', { count: factors.data.recovery_codes_left })}
              >
                <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
                  {t('settings.factors.renew')}
                </Button>
              </Row>
            )}
          </ul>
        </>
      )}
      {setting && <EnrolTotp onDone={done} onCancel={() => setSetting(false)} />}
      <NewCodesDialog codes={codes} onKept={() => setCodes(null)} />
    </Section>
  );
}

/** Stays until the person says that they are kept: they cannot be shown again. */
export function NewCodesDialog({ codes, onKept }: { codes: NewCodes; onKept: () => void }) {
  const { t } = useTranslation();
  if (codes === null) return null;
  return (
    // Seen this once: only who says that they kept them puts them away.
    <Dialog
      attributes={{ content: { 'aria-label': t('common.factor.codesTitle') } }}
      onClose={onKept}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size="lg"
    >
      <Group p="xs">
        <RecoveryCodes codes={codes} onKept={onKept} />
      </Group>
    </Dialog>
  );
}
