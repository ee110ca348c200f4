import type {
  CatalogueId,
  DetectionId,
  EntryId,
  Instant,
  ItemId,
  MediaId,
  Pixels,
  ScanId,
  Share,
} from '@/lib/brand';

export type ScanStatus = 'queued' | 'running' | 'done' | 'failed';
export type Decision = 'accepted' | 'review' | 'unknown';
export type DetectionState = 'pending' | 'open' | 'accepted' | 'discarded' | 'split' | 'merged';

export type Corner = [Pixels, Pixels];
/** Four corners in pixels of the upright original, clockwise from the crop's top left. */
export type Box = [Corner, Corner, Corner, Corner];

/**
 * What one way of looking says: a share of one, a word, or facts of its own beside a score. What was
 * not measured is absent or null, never a guess.
 */
export type Signal = Share | string | null | { [fact: string]: unknown; score?: Share | null };

export interface Candidate {
  catalogue_entry_id: EntryId;
  kind: string;
  external_ids: Record<string, unknown>;
  title: string;
  subtitle?: string | null;
  image_url?: string | null;
  score: Share;
  evidence: Record<string, Signal>;
}

export interface Quality {
  blur: number | null;
  glare: number | null;
  width: Pixels | null;
  height: Pixels | null;
  advice: string[];
}

export interface Detection {
  id: DetectionId;
  scan_id: ScanId;
  media_id: MediaId;
  box: Box;
  crop_url: string | null;
  kind: string;
  ocr: { text: string; lines: { text: string; confidence: Share }[] };
  quality: Quality;
  candidates: Candidate[];
  decision: Decision;
  state: DetectionState;
  item_id: ItemId | null;
  version: number;
}

export interface ScanPhoto {
  id: string;
  media_id: MediaId;
  width: Pixels | null;
  height: Pixels | null;
  url: string;
  thumbnail_url: string;
}

/** A detection that waits for a person, with the photo it was found in. */
export interface Waiting extends Detection {
  photo: ScanPhoto;
}

export interface Progress {
  done: number;
  total: number;
  note: string | null;
}

export interface Scan {
  id: ScanId;
  status: ScanStatus;
  kind: string | null;
  catalogue: CatalogueId | string | null;
  created_at: Instant;
  progress: Progress;
  error: string | null;
  photos: ScanPhoto[];
  detections: Detection[];
}
