import { detectionsChoose } from '@/api';
import type { DetectionId, EntryId } from '@/lib/brand';

/** An entry of the catalogue, or a title where the catalogue knows none. */
export type Choice = { catalogue_entry_id: EntryId } | { title: string; kind: string };

export const choose = (id: DetectionId, choice: Choice) =>
  detectionsChoose({ path: { detection_id: id }, body: choice });
