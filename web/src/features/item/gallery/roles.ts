/** What a photo may show of a thing, as the server spells it. */
export const roles = [
  'front',
  'back',
  'spine',
  'title_page',
  'detail',
  'signature',
  'damage',
  'label',
  'other',
] as const;

export type Role = (typeof roles)[number];

export const isRole = (value: string): value is Role =>
  (roles as readonly string[]).includes(value);

/** The list with one of it moved to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}
