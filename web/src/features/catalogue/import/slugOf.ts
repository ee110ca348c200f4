const LONGEST = 60;

/** The short name that a catalogue's name becomes, as the server makes it; empty when none can. */
export const slugOf = (name: string): string =>
  (name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join('-').slice(0, LONGEST).replace(/-$/, '');
