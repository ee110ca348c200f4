import { formatNumber, toldZone } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';

/** What a detail says, as a label and the words for its value. */
export interface Fact {
  label: string;
  text: string;
}

export interface Words {
  change: (before: string, after: string) => string;
  nothing: string;
  yes: string;
  no: string;
  /** Somebody's name for an id; null for one that is nobody's. */
  nameOf: (id: string) => string | null;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The details of an entry in the order they came. */
export function factsOf(detail: Readonly<Record<string, unknown>>, words: Words): Fact[] {
  return Object.entries(paired(detail)).map(([key, value]) => ({
    label: labelOf(key),
    text: changeOf(key, value, words),
  }));
}

/** A role is told as what it was and what it is, in one way or the other. */
function paired({
  before,
  ...detail
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (typeof before === 'string' && typeof detail.role === 'string')
    return { ...detail, role: [before, detail.role] };
  return before === undefined ? detail : { before, ...detail };
}

/** `storage_bytes` → "Storage". */
export function labelOf(key: string): string {
  const plain = key.replace(/_(bytes|at|id)$/, '').replaceAll('_', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Two values in a list are what it was and what it is now. */
function changeOf(key: string, value: unknown, words: Words): string {
  if (!Array.isArray(value)) return textOf(key, value, words);
  const told = value.map((each) => textOf(key, each, words));
  const [before, after] = told;
  if (told.length === 2 && before !== undefined && after !== undefined)
    return words.change(before, after);
  return told.join(', ') || words.nothing;
}

function textOf(key: string, value: unknown, words: Words): string {
  if (value === null || value === undefined || value === '') return words.nothing;
  if (value === true) return words.yes;
  if (value === false) return words.no;
  if (typeof value === 'number')
    return key.endsWith('_bytes') ? formatSize(value) : formatNumber(value);
  if (typeof value === 'string')
    return ID.test(value) ? (words.nameOf(value) ?? shortId(value)) : value.replaceAll('_', ' ');
  return JSON.stringify(value);
}

/** An id that no name is known for: its random end tells it from others. */
export const shortId = (id: string): string => (ID.test(id) ? `…${id.slice(-8)}` : id);

/** The ids in entries that somebody's or some space's name may be known for. */
export function idsIn(
  entries: readonly {
    actor: string | null;
    impersonator: string | null;
    space_id: string | null;
    target_id: string | null;
    detail: Readonly<Record<string, unknown>>;
  }[],
): string[] {
  const found = entries.flatMap(({ actor, impersonator, space_id, target_id, detail }) => [
    actor,
    impersonator,
    space_id,
    target_id,
    ...Object.values(detail),
  ]);
  const ids = found.filter((id): id is string => typeof id === 'string' && ID.test(id));
  return [...new Set(ids)].sort().slice(0, MOST_IDS);
}

/** As many as the server answers at once. */
const MOST_IDS = 200;

/** Days of a calendar, both included, as the instants that the server asks for. */
export function instantsOf({ from, to }: { from?: string; to?: string }): {
  after?: string;
  before?: string;
} {
  const start = startOf(from, 0);
  const end = startOf(to, 1);
  return { ...(start && { after: start }), ...(end && { before: end }) };
}

/** When a day begins where the times of the list are told. */
function startOf(day: string | undefined, later: number): string | null {
  const parts = day?.match(/^(\d{4})-(\d{2})-(\d{2})$/);
  if (!parts) return null;
  const midnight = Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + later);
  const ahead = aheadIn(toldZone());
  const near = midnight - ahead(midnight);
  const found = midnight - ahead(near);
  // Where the clocks leap over midnight, the day begins with the leap.
  const isThere = midnight - ahead(found) === found;
  return new Date(isThere ? found : Math.max(near, found)).toISOString();
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function aheadIn(timeZone: string): (at: number) => number {
  const clock = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const shown = new Map(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
    return (
      Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - at
    );
  };
}
