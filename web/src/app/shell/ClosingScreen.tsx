import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';

import { keepAccount, ownArchivesQuery, takeArchive } from './keepAccount';
import classes from './Shell.module.css';
import { useExpiry } from './useExpiry';
import { useLeave } from './useLeave';

import { ProofDialog } from '@/components/secondFactor/ProofDialog';
import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import type { Instant } from '@/lib/brand';
import { formatDay } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

/** All that is left of an account that waits to be erased: keep it, take the archive, or leave. */
export function ClosingScreen({ closesAt }: { closesAt: Instant }) {
  const { t } = useTranslation();
  const leave = useLeave();
  useExpiry();
  const keeping = useMutation({
    mutationFn: keepAccount,
    // Everything was hidden; the app starts anew with all of it.
    onSuccess: () => window.location.assign('/'),
  });
  const archive = useQuery(ownArchivesQuery).data?.find(({ status }) => status === 'ready');
  const taking = useMutation({ mutationFn: takeArchive });
  const error = keeping.error ?? taking.error;
  return (
    <main className={classes.main}>
      <EmptyPage
        picture={<Cabinet />}
        title={t('shell.closing.title', { day: formatDay(closesAt) })}
        text={t('shell.closing.text')}
      >
        {error && (
          <Text c="danger" role="alert">
            {explain(error).text}
          </Text>
        )}
        <Group justify="center">
          <Button loading={keeping.isPending} onClick={() => keeping.mutate()}>
            {t('shell.closing.keep')}
          </Button>
          {archive !== undefined && (
            <Button
              variant="default"
              loading={taking.isPending}
              onClick={() => taking.mutate(archive.id)}
            >
              {t('shell.closing.archive', { size: formatSize(archive.size ?? 0) })}
            </Button>
          )}
          <Button variant="default" onClick={leave}>
            {t('shell.logOut')}
          </Button>
        </Group>
      </EmptyPage>
      <ProofDialog />
    </main>
  );
}
