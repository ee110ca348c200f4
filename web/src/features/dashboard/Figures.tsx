import classes from './dashboard.module.css';

import type { StatsOut } from '@/api';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

export function Figures({ stats, waiting }: { stats: StatsOut; waiting: number }) {
  const { t } = useTranslation();
  const figures: [string, number][] = [
    [t('dashboard.things', { count: stats.total }), stats.total],
    [t('dashboard.owned'), stats.owned],
    [t('dashboard.addedThisWeek'), stats.added_7d],
    [t('dashboard.waiting'), waiting],
  ];
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
