/** What a page keeps in its address, read tolerantly: a wrong value is simply not there. */

type Raw = Record<string, unknown>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;

/** Where to go on behind the door. */
export const signUpSearch = (raw: Raw): { next?: string } => {
  const next = text(raw.next);
  // Only a path of ours: an address of another site would be an open redirect.
  return { next: next?.startsWith('/') && !next.startsWith('//') ? next : undefined };
};

export const loginSearch = (raw: Raw): { next?: string; problem?: string } => ({
  ...signUpSearch(raw),
  problem: text(raw.problem),
});

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

export interface PeopleSearch {
  q?: string;
  role?: 'user' | 'moderator' | 'admin';
  state?: 'active' | 'disabled' | 'closing';
}

const oneOf = <Value extends string>(value: unknown, known: readonly Value[]): Value | undefined =>
  known.find((each) => each === value);

export const peopleSearch = (raw: Raw): PeopleSearch => ({
  q: text(raw.q),
  role: oneOf(raw.role, ['user', 'moderator', 'admin']),
  state: oneOf(raw.state, ['active', 'disabled', 'closing']),
});

export const spacesSearch = (raw: Raw): { q?: string } => ({ q: text(raw.q) });

export interface AuditSearch {
  q?: string;
  /** An action, or a group of them. */
  action?: string;
  actor?: string;
  space?: string;
  /** Days, both included. */
  from?: string;
  to?: string;
}

export const auditSearch = (raw: Raw): AuditSearch => ({
  q: text(raw.q),
  action: text(raw.action),
  actor: text(raw.actor),
  space: text(raw.space),
  from: text(raw.from),
  to: text(raw.to),
});
