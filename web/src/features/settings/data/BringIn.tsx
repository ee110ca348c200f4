import { Button, FileButton, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { bringArchive, type Import, importsQuery, isUnderWay } from '../api/data';
import classes from '../settings.module.css';

import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { formatAgo, formatNumber } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

const SHOWN = 5;

/** An archive comes back: sent, then read and brought in by the worker. */
export function BringIn() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const imports = useQuery(importsQuery);
  const send = useMutation({
    mutationFn: bringArchive,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['imports'] }),
  });
  const busy = imports.data?.some(isUnderWay) ?? false;
  const refused = (error: Error): string =>
    error instanceof ApiProblem && error.code === 'too_large'
      ? t('data.bring.tooLarge')
      : explain(error).text;
  return (
    <Section title={t('data.bring.title')} text={t('data.bring.text')}>
      <Failing of={imports} />
      <ul className={classes.fields}>
        {imports.data?.slice(0, SHOWN).map((each) => (
          <Brought key={each.id} brought={each} />
        ))}
      </ul>
      <Stack gap="sm" align="flex-start">
        {send.isPending && (
          <Text role="status">
            {t('data.bring.sending', {
              name: send.variables.name,
              size: formatSize(send.variables.size),
            })}
          </Text>
        )}
        {send.error && (
          <Text c="danger" role="alert">
            {refused(send.error)}
          </Text>
        )}
        <FileButton
          accept=".zip,application/zip"
          onChange={(file) => file !== null && send.mutate(file)}
        >
          {(props) => (
            <Button variant="default" disabled={busy} loading={send.isPending} {...props}>
              {t('data.bring.choose')}
            </Button>
          )}
        </FileButton>
      </Stack>
    </Section>
  );
}

function Brought({ brought }: { brought: Import }) {
  const { t } = useTranslation();
  const { status, progress, error } = brought;
  const when = formatAgo(brought.finished_at ?? brought.created_at, t('common.ago.now'));
  if (status === 'done')
    return <Row title={t('data.bring.done', { when })} text={progress?.note} />;
  if (!isUnderWay(brought))
    return <Row title={t('data.bring.failed', { when })} text={error?.message} />;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <Row
      title={t(`data.bring.${status === 'queued' ? 'queued' : 'running'}`)}
      text={
        <Stack gap={8} role="status">
          {share !== null &&
            t('data.bring.pictures', {
              done: formatNumber(progress?.done ?? 0),
              total: formatNumber(progress?.total ?? 0),
            })}
          <Progress
            value={share === null ? 100 : share * 100}
            animated={share === null}
            aria-label={t('data.bring.running')}
          />
        </Stack>
      }
    />
  );
}
