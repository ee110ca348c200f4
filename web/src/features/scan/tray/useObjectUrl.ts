import { useCallback, useSyncExternalStore } from 'react';

const made = new WeakMap<Blob, string>();

/** An address for a picture of this device. Kept while the picture is: the browser frees both. */
export function useObjectUrl(blob: Blob): string {
  const read = useCallback(() => {
    const known = made.get(blob) ?? URL.createObjectURL(blob);
    made.set(blob, known);
    return known;
  }, [blob]);
  return useSyncExternalStore(never, read);
}

const never = () => () => undefined;
