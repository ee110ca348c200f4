import { Anchor, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { detectionQuery } from './api/getDetection';

import { Evidence } from '@/components/detection/Evidence';
import { Likelihood } from '@/components/Likelihood';
import type { DetectionId, EntryId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';

/** What spoke for the entry when the scan was decided, and the photo one tap away. */
export function FoundInScan({ id, entry }: { id: DetectionId; entry: EntryId | null }) {
  const { t } = useTranslation();
  const detection = useQuery(detectionQuery(id));
  if (detection.isPending) return <Skeleton h={64} mb="xs" />;
  if (detection.isLoadingError) return null; // the scan was removed; the item stands without it
  const chosen = detection.data.candidates.find(
    (candidate) => candidate.catalogue_entry_id === entry,
  );
  return (
    <div>
      <Text>
        {detection.data.decision === 'accepted' ? t('item.foundSure') : t('item.foundDecided')}{' '}
        {chosen !== undefined && <Likelihood score={chosen.score} />}
      </Text>
      {chosen !== undefined && <Evidence evidence={chosen.evidence} />}
      <Anchor
        renderRoot={(props) => (
          <Link to="/scan/$scanId" params={{ scanId: detection.data.scan_id }} {...props} />
        )}
      >
        {t('item.seeScan')}
      </Anchor>
      <br />
    </div>
  );
}
