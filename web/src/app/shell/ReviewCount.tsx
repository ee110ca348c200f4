import { useQuery } from '@tanstack/react-query';

import classes from './Shell.module.css';

import { useTranslation } from '@/lib/i18n';
import { waitingCountQuery } from '@/lib/stats/stats';

/** How many finds wait for a decision; nothing is shown for none. */
export function ReviewCount() {
  const { t } = useTranslation();
  const waiting = useQuery(waitingCountQuery).data ?? 0;
  if (waiting === 0) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden>{waiting > 99 ? '99+' : waiting}</span>
      <span className="visually-hidden">{t('shell.reviewWaiting', { count: waiting })}</span>
    </span>
  );
}
