import type { Scope } from '../api/programs';

/** What a key may be let into; each can be read, and changed too. */
export const areas = [
  'items',
  'media',
  'catalogue',
  'scan',
  'spaces',
  'shares',
  'account',
  'jobs',
] as const;

export type Area = (typeof areas)[number];

export const scopeOf = (area: Area, verb: 'read' | 'write'): Scope => `${area}:${verb}`;
