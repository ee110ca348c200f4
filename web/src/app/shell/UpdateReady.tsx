import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';

import classes from './Shell.module.css';

import { useTranslation } from '@/lib/i18n';

/** Registers the service worker; a new version waits until the person says so, never mid-work. */
export function UpdateReady() {
  const { t } = useTranslation();
  const [update, setUpdate] = useState<(() => void) | null>(null);

  useEffect(() => {
    if (!import.meta.env.PROD) return;
    import('virtual:pwa-register').then(
      ({ registerSW }) => {
        const apply = registerSW({ onNeedRefresh: () => setUpdate(() => () => void apply(true)) });
      },
      () => undefined,
    ); // without it the app is merely not kept for offline use
  }, []);

  if (update === null) return null;
  return (
    <div className={classes.banner} role="status">
      <Group justify="center" gap="sm">
        {t('shell.updateReady')}
        <Button variant="default" onClick={update}>
          {t('shell.updateNow')}
        </Button>
      </Group>
    </div>
  );
}
