import { useNetwork } from '@mantine/hooks';
import { useSyncExternalStore } from 'react';

import classes from './Shell.module.css';

import { isReached, onReached } from '@/lib/http/reached';
import { useTranslation } from '@/lib/i18n';

/** Says that what is shown may be old: without a network, or while the server does not answer. */
export function OfflineBanner() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  const reached = useSyncExternalStore(onReached, isReached);
  return (
    <div role="status">
      {!online ? (
        <div className={classes.banner}>{t('shell.offline')}</div>
      ) : (
        !reached && <div className={classes.banner}>{t('shell.silent')}</div>
      )}
    </div>
  );
}
