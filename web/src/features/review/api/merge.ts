import type { DetectionId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Detection } from '@/lib/wire/scan';

export const merge = (id: DetectionId, others: readonly DetectionId[]) =>
  call<Detection>('POST', `/api/v1/detections/${id}/merge`, { body: { detection_ids: others } });
