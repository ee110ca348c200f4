let reached = true;
const listeners = new Set<() => void>();

/** Whether the last request got an answer, whatever it said. */
export const isReached = (): boolean => reached;

export function noticeReached(value: boolean): void {
  if (value === reached) return;
  reached = value;
  for (const listener of listeners) listener();
}

/** Calls when the server falls silent, and when it answers again. */
export function onReached(act: () => void): () => void {
  listeners.add(act);
  return () => listeners.delete(act);
}
