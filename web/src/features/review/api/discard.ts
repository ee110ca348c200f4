import { detectionsDiscard } from '@/api';
import type { DetectionId } from '@/lib/brand';

export const discard = (id: DetectionId) => detectionsDiscard({ path: { detection_id: id } });
