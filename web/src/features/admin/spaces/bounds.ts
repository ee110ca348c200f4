import type { Quota, Usage } from '../api/spaces';

/** What stands in the fields; empty follows the server's own bound. */
export interface Bounds {
  storage_bytes: string;
  items: string;
  model_calls: string;
}

const GIGABYTE = 1_000_000_000;

/** Bounds that were set for this space; the server's own leave their fields empty. */
export function boundsOf(usage: readonly Usage[]): Bounds {
  const own = (resource: Usage['resource'], unit = 1) => {
    const found = usage.find((each) => each.resource === resource);
    return found?.is_own === true ? String(found.limit / unit) : '';
  };
  return {
    storage_bytes: own('storage_bytes', GIGABYTE),
    items: own('items'),
    model_calls: own('model_calls'),
  };
}

export function quotaOf(bounds: Bounds): Quota {
  const number = (text: string, unit = 1) =>
    text.trim() === '' ? null : Math.round(Number(text.replace(',', '.')) * unit);
  return {
    storage_bytes: number(bounds.storage_bytes, GIGABYTE),
    items: number(bounds.items),
    model_calls: number(bounds.model_calls),
  };
}

/** Whether a field can be sent: nothing, or a number from 0, whole where only things are counted. */
export function isBound(text: string, { whole }: { whole: boolean }): boolean {
  const plain = text.trim().replace(',', '.');
  return plain === '' || (whole ? /^\d+$/ : /^\d+(\.\d+)?$/).test(plain);
}
