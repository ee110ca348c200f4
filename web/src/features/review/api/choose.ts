import type { DetectionId, EntryId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';
import type { Detection } from '@/lib/wire/scan';

/** An entry of the catalogue, or a title where the catalogue knows none. */
export type Choice = { catalogue_entry_id: EntryId } | { title: string; kind: string };

export const choose = (id: DetectionId, choice: Choice) =>
  call<Detection>('POST', `/api/v1/detections/${id}/choose`, { body: choice });
