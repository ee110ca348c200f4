import '@/lib/i18n/later';

import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { deadLettersQuery } from './api/listDeadLetters';
import { jobsQuery } from './api/listJobs';
import { alike } from './alike';
import { JobRow } from './JobRow';
import classes from './jobs.module.css';
import { useJobActs } from './useJobActs';

import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';

export function JobsPage() {
  const { t } = useTranslation();
  const dead = useQuery(deadLettersQuery);
  const jobs = useQuery(jobsQuery);
  const { all, acts } = useJobActs();
  const failed = new Set(dead.data?.map(({ id }) => id));
  const lately = (jobs.data ?? []).filter(({ id }) => !failed.has(id));
  return (
    <div style={{ maxWidth: 900 }}>
      <PageHead title={t('jobs.title')} text={t('jobs.text')} />
      <section>
        <Group justify="space-between" mih={44}>
          <Title order={2} fz="1.4rem">
            {t('jobs.failed')}
          </Title>
          {acts && (dead.data?.length ?? 0) > 1 && (
            <Button variant="default" loading={all.isPending} onClick={() => all.mutate()}>
              {t('jobs.redriveAll')}
            </Button>
          )}
        </Group>
        {dead.isPending && <Rows />}
        <Failing of={dead} />
        {dead.data?.length === 0 && <Text c="dimmed">{t('jobs.failedEmpty')}</Text>}
        <ul className={classes.list}>
          {dead.data?.map((job) => (
            <JobRow key={job.id} job={job} dead />
          ))}
        </ul>
      </section>
      <section>
        <Title order={2} fz="1.4rem" mt="xl" mb="xs">
          {t('jobs.running')}
        </Title>
        {jobs.isPending && <Rows />}
        <Failing of={jobs} />
        {jobs.data !== undefined && lately.length === 0 && (
          <Text c="dimmed">{t('jobs.empty')}</Text>
        )}
        <ul className={classes.list}>
          {alike(lately).map(({ first, count }) => (
            <JobRow key={first.id} job={first} count={count} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function Rows() {
  return (
    <Stack gap={8} aria-busy>
      <Skeleton h={52} />
      <Skeleton h={52} />
      <Skeleton h={52} />
    </Stack>
  );
}
