import { Button, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { recentQuery } from './api/listRecent';
import classes from './dashboard.module.css';
import { DashboardSkeleton } from './DashboardSkeleton';
import { Figures } from './Figures';
import { FirstScan } from './FirstScan';
import { RecentStrip } from './RecentStrip';

import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import { useRights } from '@/lib/session/rights';
import { statsQuery, waitingCountQuery } from '@/lib/stats/stats';

export function DashboardPage() {
  const { t } = useTranslation();
  const label = useKindLabel();
  const { arranges } = useRights();
  const stats = useQuery(statsQuery);
  const recent = useQuery(recentQuery);
  const waiting = useQuery(waitingCountQuery).data ?? 0;

  if (stats.isPending) return <DashboardSkeleton />;
  if (stats.isLoadingError) return <Failing of={stats} />;
  const { total, by_kind } = stats.data;
  if (total === 0 && waiting === 0) return <FirstScan />;

  return (
    <>
      <PageHead title={t('dashboard.title')} />
      {arranges && waiting > 0 && (
        <div className={classes.call}>
          <Text className="serif" fz="1.2rem">
            {t('dashboard.reviewCall', { count: waiting })}
          </Text>
          <Button renderRoot={(props) => <Link to="/review" {...props} />}>
            {t('dashboard.reviewAct')}
          </Button>
        </div>
      )}
      <Figures stats={stats.data} waiting={waiting} />
      <div className={classes.kinds} role="group" aria-label={t('dashboard.byKind')}>
        {Object.entries(by_kind)
          .sort(([, one], [, other]) => other - one)
          .map(([kind, count]) => (
            <Link key={kind} to="/collection" search={{ kind }} className={classes.kind}>
              {label(kind)}
              <Text span c="dimmed" className="figures">
                {formatNumber(count)}
              </Text>
            </Link>
          ))}
      </div>
      <Group justify="space-between" mb="sm">
        <Title order={2} fz="1.5rem">
          {t('dashboard.recent')}
        </Title>
        <Button variant="subtle" renderRoot={(props) => <Link to="/collection" {...props} />}>
          {t('dashboard.seeAll')}
        </Button>
      </Group>
      {recent.isLoadingError ? <Failing of={recent} /> : <RecentStrip items={recent.data} />}
    </>
  );
}
