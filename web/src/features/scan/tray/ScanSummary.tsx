import { Anchor, Button, Group, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';

import { stepNote } from './stepNote';
import { scanQuery } from '../api/getScan';

import type { ScanId } from '@/lib/brand';
import { useLive } from '@/lib/events/live';
import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';
import type { Found } from '@/lib/storage/database';
import type { Scan } from '@/lib/wire/scan';

interface Props {
  scanId: ScanId;
  onAgain?: () => void;
  /** What was found when it was last seen, shown until it is asked for anew. */
  known?: Found | undefined;
  asks?: boolean;
  onFound?: (found: Found) => void;
}

/** One scan in a line: how far it is, or what was found. */
export function ScanSummary({ scanId, onAgain, known, asks = true, onFound }: Props) {
  const { t } = useTranslation();
  const scan = useQuery({ ...scanQuery(scanId, useLive()), enabled: asks });
  const found = (scan.data?.status === 'done' ? countsOf(scan.data) : undefined) ?? known;
  useEffect(() => {
    if (found !== undefined && !isSame(found, known)) onFound?.(found);
  });
  if (found !== undefined) return <WhatWasFound scanId={scanId} found={found} />;
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

const countsOf = ({ detections }: Scan): Found => ({
  all: detections.length,
  kept: detections.filter(({ state }) => state === 'accepted').length,
  open: detections.filter(({ state }) => state === 'open').length,
});

const isSame = (one: Found, other: Found | undefined): boolean =>
  one.all === other?.all && one.kept === other.kept && one.open === other.open;

function WhatWasFound({ scanId, found }: { scanId: ScanId; found: Found }) {
  const { t } = useTranslation();
  const { all, kept, open } = found;
  return (
    <Group gap="xs">
      <Anchor renderRoot={(props) => <Link to="/scan/$scanId" params={{ scanId }} {...props} />}>
        {t('scan.found', { count: all })}
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
