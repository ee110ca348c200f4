const EXPIRED = 'armarium:expired';

/** Says that the server no longer knows this session; the shell leads to the door. */
export function announceExpired(): void {
  window.dispatchEvent(new Event(EXPIRED));
}

export function onExpired(act: () => void): () => void {
  window.addEventListener(EXPIRED, act);
  return () => window.removeEventListener(EXPIRED, act);
}
