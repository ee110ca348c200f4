const MISSING = 'armarium:factor-missing';

/** Says that this server demands a second factor of the person first; the shell leads there. */
export function announceFactorMissing(): void {
  window.dispatchEvent(new Event(MISSING));
}

export function onFactorMissing(act: () => void): () => void {
  window.addEventListener(MISSING, act);
  return () => window.removeEventListener(MISSING, act);
}
