import type { Field } from '@/lib/wire/kind';

/** In the order that a catalogue describes a thing. */
export const groupNames = [
  'main',
  'identifiers',
  'physical',
  'variant',
  'condition',
  'slab',
  'notes',
  'own',
] as const;

export type GroupName = (typeof groupNames)[number];

const isKnown = (name: string): name is GroupName =>
  (groupNames as readonly string[]).includes(name);

/** Fields by group; one that names a group that we have no word for stands with the main ones. */
export function byGroup(fields: readonly Field[]): { name: GroupName; fields: Field[] }[] {
  const groups = new Map<GroupName, Field[]>(groupNames.map((name) => [name, []]));
  for (const field of fields) groups.get(isKnown(field.group) ? field.group : 'main')?.push(field);
  return [...groups]
    .filter(([, found]) => found.length > 0)
    .map(([name, found]) => ({ name, fields: found }));
}
