import { Button, Group, SegmentedControl, Slider, Stack, Text } from '@mantine/core';
import { useState } from 'react';

import { cut, type Direction } from './cut';

import { PhotoOverlay } from '@/components/detection/PhotoOverlay';
import { Dialog } from '@/components/feedback/Dialog';
import type { DetectionId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Box, Waiting } from '@/lib/wire/scan';

interface Props {
  detection: Waiting;
  onSplit: (boxes: readonly Box[]) => void;
  onClose: () => void;
}

/** Two things were taken for one: a line says where one ends. */
export function SplitSheet({ detection, onSplit, onClose }: Props) {
  const { t } = useTranslation();
  const [direction, setDirection] = useState<Direction>('across');
  const [percent, setPercent] = useState(50);
  const parts = cut(detection.box, direction, percent / 100);
  return (
    <Dialog onClose={onClose} title={t('review.splitTitle')} size="xl">
      <Stack>
        <Text>{t('review.splitText')}</Text>
        <PhotoOverlay
          photo={detection.photo}
          alt={t('review.photo')}
          lit={null}
          around={detection.box}
          outlines={parts.map((box, index) => ({
            id: `${detection.id}-${index}` as DetectionId,
            box,
            decision: index === 0 ? 'accepted' : 'review',
            label: '',
          }))}
        />
        <SegmentedControl
          size="md"
          value={direction}
          onChange={setDirection}
          data={[
            { value: 'across', label: t('review.splitAcross') },
            { value: 'down', label: t('review.splitDown') },
          ]}
        />
        <Slider
          min={5}
          max={95}
          value={percent}
          onChange={setPercent}
          label={null}
          thumbLabel={t('review.splitAt')}
          thumbSize={28}
          size="lg"
          my="sm"
        />
        <Group justify="flex-end">
          <Button variant="subtle" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            onClick={() => {
              onSplit(parts);
              onClose();
            }}
          >
            {t('review.splitAct')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
