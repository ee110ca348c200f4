import type { DetectionId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Detection } from '@/lib/wire/scan';

export const undo = (id: DetectionId) => call<Detection>('POST', `/api/v1/detections/${id}/undo`);
