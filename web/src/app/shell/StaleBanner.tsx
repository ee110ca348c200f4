import { Button, Group } from '@mantine/core';
import { notifyManager, type Query, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, useSyncExternalStore } from 'react';

import classes from './Shell.module.css';

import { ApiProblem, Unreachable } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

/** By the page of a thing that is gone, by the door once a session ended, by OfflineBanner. */
const isToldElsewhere = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof ApiProblem && (error.status === 404 || error.status === 401));

/** Shown, but older than it looks: asking for it anew failed. More tells of a next page. */
const isStale = (query: Query): boolean =>
  query.state.status === 'error' &&
  query.state.data !== undefined &&
  query.state.fetchMeta?.fetchMore === undefined &&
  !isToldElsewhere(query.state.error) &&
  query.isActive();

/** Says that something on the page could not be refreshed, and tries again. */
export function StaleBanner() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const cache = queryClient.getQueryCache();
  const [trying, setTrying] = useState(false);
  const stale = useSyncExternalStore(
    useCallback((renew) => cache.subscribe(notifyManager.batchCalls(renew)), [cache]),
    () => cache.getAll().some(isStale),
  );
  const again = async () => {
    setTrying(true);
    await queryClient.refetchQueries({ predicate: isStale });
    setTrying(false);
  };
  return (
    <div role="status">
      {stale && (
        <Group className={classes.banner ?? ''} justify="center" gap="sm">
          {t('shell.stale')}
          <Button variant="default" loading={trying} onClick={() => void again()}>
            {t('common.retry')}
          </Button>
        </Group>
      )}
    </div>
  );
}
