import { Button, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { importJobQuery } from '../api/getImport';

import { Failing } from '@/components/states/Failing';
import type { JobId } from '@/lib/brand';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

export function ImportProgress({ id }: { id: JobId }) {
  const { t } = useTranslation();
  const job = useQuery(importJobQuery(id));
  if (job.isError) return <Failing error={job.error} retry={job.refetch} />;
  const { status = 'queued', progress = null, error = null } = job.data ?? {};
  const over = status === 'done' || status === 'failed' || status === 'cancelled';
  const share =
    progress === null || progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
  return (
    <Stack role="status">
      <Text fz="1.1rem">
        {status === 'done'
          ? t('catalogue.importPage.done')
          : over
            ? t('catalogue.importPage.failed', { reason: error?.message ?? '' })
            : t('catalogue.importPage.working')}
      </Text>
      {!over && <Progress value={share} size="lg" aria-label={t('catalogue.importPage.working')} />}
      {progress !== null && (
        <Text c="dimmed" className="figures">
          {t('catalogue.importPage.progress', {
            done: formatNumber(progress.done),
            total: formatNumber(progress.total),
          })}
          {progress.note !== '' && ` · ${progress.note}`}
        </Text>
      )}
      <Button
        variant="default"
        w="fit-content"
        renderRoot={(props) => <Link to="/catalogue" {...props} />}
      >
        {t('catalogue.importPage.open')}
      </Button>
    </Stack>
  );
}
