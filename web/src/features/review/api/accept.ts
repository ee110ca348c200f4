import { detectionsAccept } from '@/api';
import type { DetectionId } from '@/lib/brand';

export const accept = (id: DetectionId) => detectionsAccept({ path: { detection_id: id } });
