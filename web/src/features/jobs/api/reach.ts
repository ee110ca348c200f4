import type { Me } from '@/lib/session/session';

/** The headers that say from where. */
export type Reach = Record<string, string>;

/** An administrator reaches every space's jobs from their own, also where they may only look. */
export const reachOf = ({ is_admin, id }: Pick<Me, 'is_admin' | 'id'>): Reach =>
  is_admin ? { 'X-Space': id } : {};
