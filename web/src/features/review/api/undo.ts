import { detectionsUndo } from '@/api';
import type { DetectionId } from '@/lib/brand';

export const undo = (id: DetectionId) => detectionsUndo({ path: { detection_id: id } });
