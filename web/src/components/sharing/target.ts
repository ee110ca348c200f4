import type { Share } from '@/lib/shares/shares';

/** What a link shows. */
export interface Target {
  target: 'space' | 'collection' | 'item';
  /** Null stands for the space that one is in. */
  id: string | null;
  name: string;
}

export const leadsTo = (share: Share, { target, id }: Target): boolean =>
  share.target === target && (id === null || share.target_id === id);
