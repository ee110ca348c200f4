import { useSyncExternalStore } from 'react';

let live = false;
const listeners = new Set<() => void>();

export function setLive(value: boolean): void {
  live = value;
  for (const listener of listeners) listener();
}

/** Whether the server's stream is open; where it is not, pages that wait for something poll. */
export function useLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => live,
  );
}
