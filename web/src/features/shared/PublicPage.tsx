import { Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import classes from './shared.module.css';

import { Failing } from '@/components/states/Failing';
import { explain } from '@/lib/http/explain';
import { isNotFound } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

interface Props<Shown> {
  asked: UseQueryResult<Shown>;
  /** Told where there is nothing, or no more. */
  gone: { title: string; text: string };
  /** Stands in for what may not be seen yet. */
  lock?: ReactNode;
  children: (shown: Shown) => ReactNode;
}

/** What a stranger is shown, without the bars of an account. */
export function PublicPage<Shown>({ asked, gone, lock, children }: Props<Shown>) {
  const { t } = useTranslation();
  return (
    <div className={classes.page}>
      <header className={classes.mark}>{t('common.product')}</header>
      <main>
        {isNotFound(asked.error) ? (
          <Stack role="alert">
            <Title order={1} fz="1.75rem">
              {gone.title}
            </Title>
            <Text c="dimmed">{gone.text}</Text>
            <Text size="sm" c="dimmed">
              {explain(asked.error).reference}
            </Text>
          </Stack>
        ) : (
          (lock ?? (
            <>
              {asked.isPending && <Skeleton h={48} maw={420} />}
              <Failing of={asked} />
              {asked.data !== undefined && children(asked.data)}
            </>
          ))
        )}
      </main>
    </div>
  );
}
