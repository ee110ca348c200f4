import { Button, Progress, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import {
  type Archive,
  archiveQuery,
  archivesQuery,
  downloadArchive,
  isUnderWay,
  makeArchive,
} from '../api/data';
import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { formatAgo, formatNumber, formatShortDay } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';

/** Those of late; older ones are of no use, since their files are gone. */
const SHOWN = 5;

/** Everything in one file, asked for and made in the background. */
export function Archives() {
  const { t } = useTranslation();
  const archives = useQuery(archivesQuery);
  const make = useAct(makeArchive, { said: t('data.archive.asked'), renews: [['archives']] });
  const busy = archives.data?.some(isUnderWay) ?? false;
  return (
    <Section title={t('data.archive.title')} text={t('data.archive.text')}>
      {archives.isPending && <Skeleton h={56} mb="md" />}
      <Failing of={archives} />
      <ul className={classes.fields}>
        {archives.data
          ?.slice(0, SHOWN)
          .map((each) =>
            isUnderWay(each) ? (
              <Making key={each.id} archive={each} />
            ) : (
              <Made key={each.id} archive={each} />
            ),
          )}
      </ul>
      <Button disabled={busy} loading={make.isPending} onClick={() => make.mutate()}>
        {t('data.archive.act')}
      </Button>
    </Section>
  );
}

function Making({ archive }: { archive: Archive }) {
  const { t } = useTranslation();
  const progress = useQuery(archiveQuery(archive.id)).data?.progress ?? null;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <Row
      title={t('data.archive.making')}
      text={
        <Stack gap={8} role="status">
          {share === null
            ? t('data.archive.queued', { when: formatAgo(archive.created_at, t('common.ago.now')) })
            : t('data.archive.packing', {
                done: formatNumber(progress?.done ?? 0),
                total: formatNumber(progress?.total ?? 0),
              })}
          <Progress
            value={share === null ? 100 : share * 100}
            animated={share === null}
            aria-label={t('data.archive.making')}
          />
        </Stack>
      }
    />
  );
}

function Made({ archive }: { archive: Archive }) {
  const { t } = useTranslation();
  const download = useAct(downloadArchive, { renews: [['archives']] });
  const when = formatAgo(archive.ready_at ?? archive.created_at, t('common.ago.now'));
  if (archive.status === 'failed')
    return <Row title={t('data.archive.failed', { when })} text={t('data.archive.failedText')} />;
  if (archive.status !== 'ready' || archive.expires_at === null)
    return <Row title={t('data.archive.expired', { when })} text={t('data.archive.expiredText')} />;
  return (
    <Row
      title={t('data.archive.ready', { when })}
      text={t('data.archive.facts', {
        size: formatSize(archive.size ?? 0),
        count: archive.counts.items ?? 0,
        formatted: formatNumber(archive.counts.items ?? 0),
        day: formatShortDay(archive.expires_at),
      })}
    >
      <Button
        variant="default"
        aria-label={t('data.archive.downloadOne', { when })}
        loading={download.isPending}
        onClick={() => download.mutate(archive.id)}
      >
        {t('data.archive.download')}
      </Button>
    </Row>
  );
}
