import { Skeleton } from '@mantine/core';

import classes from './search.module.css';

export function HitsSkeleton() {
  return (
    <div aria-busy>
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className={classes.hit}>
          <Skeleton w={88} h={104} />
          <div>
            <Skeleton h={20} w="50%" mb={10} />
            <Skeleton h={14} w="30%" />
          </div>
        </div>
      ))}
    </div>
  );
}
