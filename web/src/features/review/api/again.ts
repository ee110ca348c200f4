import { reviewAgain } from '@/api';
import type { DetectionId } from '@/lib/brand';

/** How many of them were decided meanwhile. */
export async function again(ids: readonly DetectionId[]): Promise<number> {
  const { data } = await reviewAgain({ body: { detection_ids: [...ids] } });
  return ids.length - data.length;
}
