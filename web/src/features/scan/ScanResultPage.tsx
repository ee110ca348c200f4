import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';

import { scanQuery } from './api/getScan';
import { FoundList } from './FoundList';
import classes from './scan.module.css';
import { ScanSummary } from './tray/ScanSummary';

import { PhotoOverlay } from '@/components/detection/PhotoOverlay';
import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import type { DetectionId, ScanId } from '@/lib/brand';
import { useLive } from '@/lib/events/live';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/scan/$scanId');

export function ScanResultPage() {
  const { t } = useTranslation();
  const scanId = route.useParams().scanId as ScanId;
  const scan = useQuery(scanQuery(scanId, useLive()));
  const [lit, setLit] = useState<DetectionId | null>(null);

  if (scan.isLoadingError) return <Failing of={scan} />;
  const detections = scan.data?.detections ?? [];
  const open = detections.some(({ state }) => state === 'open');
  return (
    <>
      <PageHead title={t('scan.result.title')} text={<ScanSummary scanId={scanId} />}>
        <Button variant="default" renderRoot={(props) => <Link to="/scan" {...props} />}>
          {t('scan.result.again')}
        </Button>
        {open && (
          <Button renderRoot={(props) => <Link to="/review" {...props} />}>
            {t('scan.result.review')}
          </Button>
        )}
      </PageHead>
      <div className={classes.result}>
        <div>
          {scan.data?.photos.map((photo) => (
            <div key={photo.media_id} className={classes.photo}>
              <PhotoOverlay
                photo={photo}
                alt={t('scan.photo')}
                lit={lit}
                onLight={setLit}
                outlines={detections
                  .filter((detection) => detection.media_id === photo.media_id)
                  .map(({ id, box, decision, candidates }) => ({
                    id,
                    box,
                    decision,
                    label: candidates[0]?.title ?? t('scan.result.unknown'),
                  }))}
              />
            </div>
          )) ?? <Skeleton h={420} />}
        </div>
        {scan.data?.status === 'done' && detections.length === 0 ? (
          <Empty
            picture={<Cabinet />}
            title={t('scan.result.nothing')}
            text={t('scan.result.nothingText')}
          />
        ) : (
          <FoundList
            detections={detections}
            pending={scan.data?.status !== 'done'}
            lit={lit}
            onLight={setLit}
          />
        )}
      </div>
    </>
  );
}
