import { reviewAcceptMany } from '@/api';
import type { DetectionId } from '@/lib/brand';

/** How many of them the server refused. */
export async function acceptMany(ids: readonly DetectionId[]): Promise<number> {
  const { data } = await reviewAcceptMany({ body: { detection_ids: [...ids] } });
  return data.failed.length;
}
