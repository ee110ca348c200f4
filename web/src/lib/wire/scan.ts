import type { CandidateOut, DetectionOut, PhotoOut, QualityOut, ScanOut } from '@/api';
import type {
  DetectionId,
  EntryId,
  Instant,
  ItemId,
  MediaId,
  Narrowed,
  Pixels,
  ScanId,
  Share,
} from '@/lib/brand';

export type Decision = DetectionOut['decision'];

export type Corner = [Pixels, Pixels];
/** Four corners in pixels of the upright original, clockwise from the crop's top left. */
export type Box = [Corner, Corner, Corner, Corner];

/**
 * What one way of looking says: a share of one, a plain yes, what it found, or facts of its own
 * beside a score. What was not measured is absent or null, never a guess.
 */
export type Signal =
  Share | string | boolean | string[] | null | { [fact: string]: unknown; score?: Share | null };

export type Candidate = Narrowed<
  CandidateOut,
  { catalogue_entry_id: EntryId; score: Share; evidence: Record<string, Signal> }
>;

export type ScanPhoto = Narrowed<
  PhotoOut,
  { media_id: MediaId; width: Pixels | null; height: Pixels | null }
>;

export type Detection = Narrowed<
  DetectionOut,
  {
    id: DetectionId;
    scan_id: ScanId;
    media_id: MediaId;
    item_id: ItemId | null;
    box: Box;
    quality: Required<QualityOut>;
    candidates: Candidate[];
  }
>;

/** A detection that waits for a person, with the photo it was found in. */
export type Waiting = Detection & { photo: ScanPhoto };

export type Scan = Narrowed<
  ScanOut,
  { id: ScanId; created_at: Instant; photos: ScanPhoto[]; detections: Detection[] }
>;
