const NOTES = ['queued', 'finding', 'reading', 'identifying', 'drafting', 'done'] as const;

/** The steps that we have words for; of another one nothing is told. */
export const stepNote = (note: string | null): (typeof NOTES)[number] | null =>
  NOTES.find((known) => known === note) ?? null;
