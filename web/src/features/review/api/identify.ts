import type { DetectionId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Candidate, Decision } from '@/lib/wire/scan';

interface Identified {
  decision: Decision;
  candidates: Candidate[];
}

export async function identify(id: DetectionId, text: string, kind: string): Promise<Candidate[]> {
  const { data } = await call<Identified>('POST', `/api/v1/detections/${id}/identify`, {
    body: { text, kind },
  });
  return data.candidates;
}
