/** What a page keeps in its address, read tolerantly: a wrong value is simply not there. */

type Raw = Record<string, unknown>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;

export const loginSearch = (raw: Raw): { next?: string; problem?: string } => {
  const next = text(raw.next);
  // Only a path of ours: an address of another site would be an open redirect.
  return {
    next: next?.startsWith('/') && !next.startsWith('//') ? next : undefined,
    problem: text(raw.problem),
  };
};

export interface CollectionSearch {
  kind?: string;
  status?: string;
  tag?: string;
  sort?: string;
  trash?: boolean;
}

export const collectionSearch = (raw: Raw): CollectionSearch => ({
  kind: text(raw.kind),
  status: text(raw.status),
  tag: text(raw.tag),
  sort: text(raw.sort),
  trash: raw.trash === true ? true : undefined,
});

export const itemSearch = (raw: Raw): { kind?: string; entry?: string } => ({
  kind: text(raw.kind),
  entry: text(raw.entry),
});

export interface SearchSearch {
  q?: string;
  mode?: 'hybrid' | 'bm25' | 'vector';
  kind?: string;
  status?: string;
}

export const searchSearch = (raw: Raw): SearchSearch => ({
  q: text(raw.q),
  mode: raw.mode === 'bm25' || raw.mode === 'vector' ? raw.mode : undefined,
  kind: text(raw.kind),
  status: text(raw.status),
});

export const catalogueSearch = (raw: Raw): { q?: string; set?: string } => ({
  q: text(raw.q),
  set: text(raw.set),
});

/** The catalogue that a file goes into, when it is not a new one. */
export const importSearch = (raw: Raw): { into?: string } => ({ into: text(raw.into) });
