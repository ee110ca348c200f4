import classes from './dashboard.module.css';

import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import type { Stats } from '@/lib/stats/stats';

const OWNED = ['in_transit', 'on_hand', 'on_loan', 'consigned'];

export function Figures({ stats }: { stats: Stats }) {
  const { t } = useTranslation();
  const owned = OWNED.reduce((sum, status) => sum + (stats.by_status[status] ?? 0), 0);
  const figures: [string, number][] = [
    [t('dashboard.things', { count: stats.total }), stats.total],
    [t('dashboard.owned'), owned],
    [t('dashboard.addedThisWeek'), stats.added_7d],
    [t('dashboard.waiting'), stats.review_waiting],
  ];
  if (stats.scans_running > 0) figures.push([t('dashboard.running'), stats.scans_running]);
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name} className={classes.figure}>
          <dt>{name}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
