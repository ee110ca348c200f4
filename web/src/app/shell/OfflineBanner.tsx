import { useNetwork } from '@mantine/hooks';

import classes from './Shell.module.css';

import { useTranslation } from '@/lib/i18n';

export function OfflineBanner() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  return (
    <div role="status">
      {online ? null : <div className={classes.banner}>{t('shell.offline')}</div>}
    </div>
  );
}
