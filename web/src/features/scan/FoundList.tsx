import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { itemTitleQuery } from './api/getItemTitle';
import classes from './scan.module.css';

import { Crop } from '@/components/detection/Crop';
import type { DetectionId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Detection } from '@/lib/wire/scan';

interface Props {
  detections: readonly Detection[];
  pending: boolean;
  lit: DetectionId | null;
  onLight: (id: DetectionId | null) => void;
}

export function FoundList({ detections, pending, lit, onLight }: Props) {
  return (
    <ol className={classes.found}>
      {detections.map((detection, index) => (
        <li
          key={detection.id}
          onPointerEnter={() => onLight(detection.id)}
          onPointerLeave={() => onLight(null)}
        >
          <Find detection={detection} number={index + 1} lit={lit === detection.id} />
        </li>
      ))}
      {pending &&
        detections.length === 0 &&
        Array.from({ length: 3 }, (_, index) => <Skeleton key={index} h={96} mb="sm" />)}
    </ol>
  );
}

function Find({ detection, number, lit }: { detection: Detection; number: number; lit: boolean }) {
  const { t } = useTranslation();
  const best = detection.decision === 'unknown' ? undefined : detection.candidates[0];
  const shelved = useQuery(itemTitleQuery(detection.item_id)).data;
  const title = shelved ?? best?.title ?? t('scan.result.unknown');
  const state =
    detection.state === 'accepted'
      ? t('scan.result.accepted')
      : detection.state === 'discarded'
        ? t('scan.result.discarded')
        : detection.decision === 'unknown'
          ? t('scan.result.unknown')
          : t('scan.result.reviewIt');
  const inside = (
    <>
      <Crop
        url={detection.crop_url}
        alt={t('scan.result.detection', { number, title })}
        className={classes.crop}
      />
      <div>
        <Text className="serif" fz="1.1rem">
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {state}
        </Text>
        {detection.ocr.text !== '' && (
          <Text size="sm" c="dimmed" lineClamp={1}>
            {t('scan.result.read', { text: detection.ocr.text })}
          </Text>
        )}
      </div>
    </>
  );
  const look = { className: classes.find, 'data-lit': lit || undefined };
  return detection.item_id === null ? (
    <Link to="/review" {...look}>
      {inside}
    </Link>
  ) : (
    <Link to="/items/$itemId" params={{ itemId: detection.item_id }} {...look}>
      {inside}
    </Link>
  );
}
