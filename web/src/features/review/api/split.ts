import { detectionsSplit } from '@/api';
import type { DetectionId } from '@/lib/brand';
import type { Box } from '@/lib/wire/scan';

export const split = (id: DetectionId, boxes: readonly Box[]) =>
  detectionsSplit({ path: { detection_id: id }, body: { boxes: [...boxes] } });
