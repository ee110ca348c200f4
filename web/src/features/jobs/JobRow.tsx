import { Button, Progress, Text } from '@mantine/core';

import type { Job } from './api/job';
import { jobName } from './jobName';
import classes from './jobs.module.css';
import { useJobActs } from './useJobActs';

import { formatAgo, formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

interface Props {
  job: Job;
  /** How many like it this row stands for. */
  count?: number;
  dead?: boolean;
}

export function JobRow({ job, count = 1, dead = false }: Props) {
  const { t } = useTranslation();
  const { one, off, acts } = useJobActs();
  const known = jobName(job.name);
  const progress = job.status === 'done' || job.progress?.done === 0 ? null : job.progress;
  const when = formatAgo(job.finished_at ?? job.started_at ?? job.created_at, t('common.ago.now'));
  return (
    <li className={classes.job}>
      <div>
        <Text fw={600}>{known === null ? job.name : t(`jobs.names.${known}`)}</Text>
        {job.error && (
          <Text size="sm" c="danger">
            {job.error.message}
          </Text>
        )}
        <Text size="sm" c="dimmed" className="figures">
          {[
            t(`jobs.states.${job.status}`),
            count > 1 ? t('jobs.times', { count }) : null,
            when,
            dead || job.attempts > 1 ? t('jobs.attempts', { count: job.attempts }) : null,
            progress !== null &&
              (progress.total === 0
                ? formatNumber(progress.done)
                : t('jobs.progress', {
                    done: formatNumber(progress.done),
                    total: formatNumber(progress.total),
                  })),
            progress?.note,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        {job.status === 'running' && progress !== null && progress.total > 0 && (
          <Progress
            mt={6}
            size="sm"
            maw={420}
            value={(100 * progress.done) / progress.total}
            aria-label={t('jobs.states.running')}
          />
        )}
      </div>
      {dead && acts && (
        <div className={classes.acts}>
          <Button variant="default" loading={one.isPending} onClick={() => one.mutate(job.id)}>
            {t('jobs.redrive')}
          </Button>
          <Button variant="subtle" loading={off.isPending} onClick={() => off.mutate(job.id)}>
            {t('jobs.dismiss')}
          </Button>
        </div>
      )}
    </li>
  );
}
