import { detectionsIdentify } from '@/api';
import type { DetectionId } from '@/lib/brand';
import type { Candidate } from '@/lib/wire/scan';

export async function identify(id: DetectionId, text: string): Promise<Candidate[]> {
  const { data } = await detectionsIdentify({ path: { detection_id: id }, body: { text } });
  return data.candidates as Candidate[];
}
