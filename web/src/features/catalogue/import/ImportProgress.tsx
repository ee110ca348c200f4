import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { importJobQuery } from '../api/getImport';
import { ImportReport } from '../ImportReport';
import { useFreshest } from './useFreshest';

import { Failing } from '@/components/states/Failing';
import type { JobId } from '@/lib/brand';
import { formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

interface Props {
  id: JobId;
  /** Back to the form, for another file or another try. */
  onAgain: () => void;
}

export function ImportProgress({ id, onAgain }: Props) {
  const { t } = useTranslation();
  const job = useQuery(importJobQuery(id));
  const { status = 'queued', progress = null, error = null } = job.data ?? {};
  const done = status === 'done';
  const over = done || status === 'failed' || status === 'cancelled';
  const freshest = useFreshest(over);
  if (job.isLoadingError) return <Failing of={job} />;
  return (
    <Stack>
      <Stack role="status">
        <Text fz="1.1rem" {...(over && !done ? { c: 'danger' } : {})}>
          {done
            ? t('catalogue.importPage.done')
            : over
              ? t('catalogue.importPage.failed', { reason: error?.message ?? '' })
              : t('catalogue.importPage.working')}
        </Text>
        {!over && (
          // How many records a file holds is known when it ends.
          <Progress value={100} size="lg" animated aria-label={t('catalogue.importPage.working')} />
        )}
        {!over && progress !== null && (
          <Text c="dimmed" className="figures">
            {t('catalogue.importPage.progress', {
              count: progress.done,
              formatted: formatNumber(progress.done),
            })}
          </Text>
        )}
      </Stack>
      {done && freshest?.last_import && <ImportReport report={freshest.last_import} />}
      <Group>
        {done && freshest !== null && (
          <Button
            renderRoot={(props) => (
              <Link to="/catalogue/$slug" params={{ slug: freshest.slug }} {...props} />
            )}
          >
            {t('catalogue.importPage.open', { name: freshest.name })}
          </Button>
        )}
        {over && (
          <Button variant="default" onClick={onAgain}>
            {done ? t('catalogue.importPage.another') : t('common.retry')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
