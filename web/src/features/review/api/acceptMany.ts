import type { DetectionId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Detection } from '@/lib/wire/scan';

interface AcceptedMany {
  accepted: Detection[];
  failed: { id: DetectionId; code: string; detail: string }[];
}

export async function acceptMany(ids: readonly DetectionId[]): Promise<AcceptedMany> {
  return (
    await call<AcceptedMany>('POST', '/api/v1/review/accept', { body: { detection_ids: ids } })
  ).data;
}
