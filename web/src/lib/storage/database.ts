import Dexie, { type EntityTable } from 'dexie';

/** `waiting` is to be sent, `sent` is being worked on by the server, `refused` needs a person. */
export type ShotState = 'waiting' | 'sending' | 'sent' | 'refused';

/** How many things a photo showed, and what became of them so far. */
export interface Found {
  all: number;
  kept: number;
  open: number;
}

/** A photo taken on this device. The picture stays here until the server has finished with it. */
export interface Shot {
  /** Also the Idempotency-Key, so that a photo sent twice is scanned once. */
  id: string;
  owner: string;
  picture: Blob;
  name: string;
  taken: number;
  kind: string | null;
  catalogue: string | null;
  state: ShotState;
  scanId: string | null;
  /** What the server said when it refused, in a person's words. */
  reason: string | null;
  /** What was found, as it was last seen; absent until the server has finished. */
  found?: Found;
  /** When the server had it; older shots do not say. */
  sentAt?: number;
  /** How often the server failed at it. */
  tries?: number;
  /** Whether the same file would be refused again; older shots do not say. */
  hopeless?: boolean;
}

interface Kept {
  key: string;
  value: string;
}

export const database = new Dexie('armarium') as Dexie & {
  shots: EntityTable<Shot, 'id'>;
  kept: EntityTable<Kept, 'key'>;
};

database.version(1).stores({ shots: 'id, owner, [owner+state], taken', kept: 'key' });
