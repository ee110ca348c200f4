import { Skeleton, Stack } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Rows } from './Rows';

import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import type { Page } from '@/lib/http/page';

interface Props<Line> {
  list: UseInfiniteQueryResult<InfiniteData<Page<Line>>>;
  label?: string;
  /** Said where the list is empty. */
  none: { title: string; text: string };
  children: (line: Line) => ReactNode;
}

/** A long list of rows from its first page to its last, or why there is none. */
export function PagedRows<Line>({ list, label, none, children }: Props<Line>) {
  const lines = list.data?.pages.flatMap(({ rows }) => rows);
  return (
    <>
      <Failing of={list} />
      {list.isPending && (
        <Stack gap="xs" aria-busy>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} h={60} />
          ))}
        </Stack>
      )}
      {lines?.length === 0 && <Empty {...none} />}
      {lines !== undefined && lines.length > 0 && <Rows label={label}>{lines.map(children)}</Rows>}
      <More of={list} />
    </>
  );
}
