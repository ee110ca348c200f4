import type { DetectionId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Box, Detection } from '@/lib/wire/scan';

export const split = (id: DetectionId, boxes: readonly Box[]) =>
  call<Detection[]>('POST', `/api/v1/detections/${id}/split`, { body: { boxes } });
