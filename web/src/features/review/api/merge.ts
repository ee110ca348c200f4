import { detectionsMerge } from '@/api';
import type { DetectionId } from '@/lib/brand';

export const merge = (id: DetectionId, others: readonly DetectionId[]) =>
  detectionsMerge({ path: { detection_id: id }, body: { detection_ids: [...others] } });
