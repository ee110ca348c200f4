import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import classes from '../review.module.css';

import { Crop } from '@/components/detection/Crop';
import { PhotoOverlay } from '@/components/detection/PhotoOverlay';
import { useTranslation } from '@/lib/i18n';
import type { Waiting } from '@/lib/wire/scan';

const ADVICE = ['too_small', 'blurred', 'blur', 'glare'] as const;

type Advice = (typeof ADVICE)[number];

const isAdvice = (code: string): code is Advice => (ADVICE as readonly string[]).includes(code);

/** The find itself: cut out, or in its photo; with what was read and how good the photo is. */
export function Look({ detection }: { detection: Waiting }) {
  const { t } = useTranslation();
  const [view, setView] = useState<'crop' | 'photo'>('crop');
  const title = detection.candidates[0]?.title ?? t('review.unknown');
  const read = detection.ocr.text.trim();
  return (
    <div className={classes.stage}>
      {view === 'crop' ? (
        <Crop
          url={detection.crop_url}
          alt={t('review.find', { number: 1, title })}
          className={classes.crop}
        />
      ) : (
        <div className={classes.photo}>
          <PhotoOverlay
            photo={detection.photo}
            alt={t('review.photo')}
            lit={detection.id}
            outlines={[
              { id: detection.id, box: detection.box, decision: detection.decision, label: title },
            ]}
          />
        </div>
      )}
      <Stack gap={4} mt="sm">
        <SegmentedControl
          size="md"
          w="fit-content"
          value={view}
          onChange={setView}
          data={[
            { value: 'crop', label: t('review.crop') },
            { value: 'photo', label: t('review.photo') },
          ]}
        />
        <Text size="sm" c="dimmed" mt="xs">
          {t('review.read')}
        </Text>
        <Text lineClamp={4}>{read === '' ? t('review.readNothing') : read}</Text>
        {detection.quality.advice.filter(isAdvice).map((code) => (
          <Text key={code} size="sm" c="dimmed">
            {t(`review.advice.${code}`)}
          </Text>
        ))}
      </Stack>
    </div>
  );
}
