export interface ServerEvent {
  type: string;
  data: Record<string, unknown>;
}

/** A CloudEvents envelope, read tolerantly; null means "you missed some, ask for everything". */
export function parseServerEvent(name: string, text: string): ServerEvent | null {
  if (name === 'resync') return null;
  try {
    const raw: unknown = JSON.parse(text);
    if (typeof raw !== 'object' || raw === null) return { type: name, data: {} };
    const envelope = raw as { type?: unknown; data?: unknown };
    const type = typeof envelope.type === 'string' ? envelope.type : name;
    const data = typeof envelope.data === 'object' && envelope.data !== null ? envelope.data : raw;
    return { type, data: data as Record<string, unknown> };
  } catch {
    return { type: name, data: {} };
  }
}

/** Which cached answers an event makes stale. An unknown event touches only the figures. */
export function keysTouchedBy({ type, data }: ServerEvent): readonly (readonly unknown[])[] {
  const keys: unknown[][] = [['stats']];
  const about = (name: string) => (typeof data[name] === 'string' ? data[name] : null);
  const scan = about('scan_id');
  const item = about('item_id');
  if (scan !== null) keys.push(['scan', scan], ['scans'], ['review']);
  if (item !== null) keys.push(['item', item], ['items'], ['recent'], ['search']);
  if (/^Item(Trashed|Restored|Removed)/.test(type)) keys.push(['collections']);
  if (/^(Scan|Review|Analysis)/.test(type)) keys.push(['review'], ['scan']);
  if (type.startsWith('Job')) keys.push(['jobs'], ['job']);
  if (about('collection_id') !== null) keys.push(['collections'], ['items'], ['item']);
  if (/catalogue/i.test(type)) keys.push(['catalogues'], ['entries']);
  return keys;
}
