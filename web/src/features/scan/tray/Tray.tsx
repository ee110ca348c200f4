import { Button, Group, Text, Title } from '@mantine/core';

import { clearDone } from './clearDone';
import { TrayRow } from './TrayRow';
import classes from '../scan.module.css';

import { useTranslation } from '@/lib/i18n';
import { useShots } from '@/lib/queue/useShots';
import { useMe } from '@/lib/session/session';

/** The photos of this device and what became of them. */
export function Tray() {
  const { t } = useTranslation();
  const shots = useShots(useMe().space_id);
  const clear = clearDone(shots ?? []);
  return (
    <section aria-label={t('scan.tray')}>
      <Group justify="space-between" mt="xl" mb="xs" mih={44}>
        <Title order={2} fz="1.5rem">
          {t('scan.tray')}
        </Title>
        {clear !== null && (
          <Button variant="subtle" onClick={clear}>
            {t('scan.clearDone')}
          </Button>
        )}
      </Group>
      {shots?.length === 0 && (
        <Text c="dimmed" maw={560}>
          {t('scan.trayEmpty')}
        </Text>
      )}
      <ul className={classes.tray} aria-live="polite">
        {shots?.map((shot) => (
          <TrayRow key={shot.id} shot={shot} />
        ))}
      </ul>
    </section>
  );
}
