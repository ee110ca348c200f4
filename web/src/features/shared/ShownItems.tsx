import { Skeleton, Text } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';

import type { ShownItem } from './getShared';
import classes from './shared.module.css';
import { ShownCard } from './ShownCard';

import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import type { Page } from '@/lib/http/page';

interface Props {
  list: UseInfiniteQueryResult<InfiniteData<Page<ShownItem>>>;
  /** Said where there are none. */
  none: string;
}

/** Things that somebody shows, page by page. */
export function ShownItems({ list, none }: Props) {
  const shown = list.data?.pages.flatMap(({ rows }) => rows);
  return (
    <>
      {list.isPending && <Skeleton h={240} mt="md" />}
      <Failing of={list} />
      {shown?.length === 0 && <Text c="dimmed">{none}</Text>}
      <ul className={classes.items}>
        {shown?.map((item) => (
          <ShownCard key={item.id} item={item} />
        ))}
      </ul>
      <More of={list} />
    </>
  );
}
