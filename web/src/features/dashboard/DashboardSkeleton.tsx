import { Skeleton } from '@mantine/core';

import classes from './dashboard.module.css';
import { RecentStrip } from './RecentStrip';

export function DashboardSkeleton() {
  return (
    <div aria-busy>
      <Skeleton h={44} w={240} mb="lg" />
      <div className={classes.figures}>
        {Array.from({ length: 4 }, (_, index) => (
          <div key={index} className={classes.figure}>
            <Skeleton h={16} w={90} mt={8} />
            <Skeleton h={36} w={64} />
          </div>
        ))}
      </div>
      <Skeleton h={28} w={180} mb="lg" />
      <RecentStrip items={undefined} />
    </div>
  );
}
