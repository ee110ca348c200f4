import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { stepNote } from './stepNote';
import { scanQuery } from '../api/getScan';

import type { ScanId } from '@/lib/brand';
import { useLive } from '@/lib/events/live';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import type { Scan } from '@/lib/wire/scan';

/** One scan in a line: how far it is, or what was found. */
export function ScanSummary({ scanId, onAgain }: { scanId: ScanId; onAgain?: () => void }) {
  const { t } = useTranslation();
  const scan = useQuery(scanQuery(scanId, useLive()));
  if (scan.isPending) return <Text>{t('scan.state.queued')}</Text>;
  if (scan.isLoadingError) return <Text c="danger">{explain(scan.error).text}</Text>;
  const { status, progress, error } = scan.data;
  const note = stepNote(progress.note);
  if (status === 'failed') {
    return (
      <Group gap="sm">
        <Text c="danger">
          {t('scan.state.failed', { reason: error ?? t('scan.state.failedUnknown') })}
        </Text>
        {onAgain && (
          <Button variant="default" onClick={onAgain}>
            {t('scan.sendAgain')}
          </Button>
        )}
      </Group>
    );
  }
  if (status !== 'done') {
    const share = progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
    return (
      <div>
        <Text>
          {status === 'queued'
            ? t('scan.state.queued')
            : t('scan.steps', { ...progress, note: note === null ? '' : t(`scan.notes.${note}`) })}
        </Text>
        <Progress
          value={share}
          size="sm"
          mt={4}
          maw={320}
          aria-label={t('scan.state.running')}
          transitionDuration={200}
        />
      </div>
    );
  }
  return <Found scan={scan.data} />;
}

function Found({ scan }: { scan: Scan }) {
  const { t } = useTranslation();
  const kept = scan.detections.filter(({ state }) => state === 'accepted').length;
  const open = scan.detections.filter(({ state }) => state === 'open').length;
  return (
    <Group gap="xs">
      <Anchor
        renderRoot={(props) => <Link to="/scan/$scanId" params={{ scanId: scan.id }} {...props} />}
      >
        {t('scan.found', { count: scan.detections.length })}
      </Anchor>
      {kept > 0 && <Text c="dimmed">{t('scan.shelved', { count: kept })}</Text>}
      {open > 0 && (
        <Anchor renderRoot={(props) => <Link to="/review" {...props} />}>
          {t('scan.toReview', { count: open })}
        </Anchor>
      )}
    </Group>
  );
}
