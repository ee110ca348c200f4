/** How long a refused form may take to mark its field; then there was none to mark. */
const PATIENCE_MS = 2000;

/**
 * After a refusal the first field that must change is shown and focused, as soon as it is marked.
 * The page may need more than a frame for the mark when the machine is busy.
 */
export function focusFirstError(): void {
  const until = performance.now() + PATIENCE_MS;
  const look = () => {
    const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field) {
      field.scrollIntoView({ block: 'center' });
      field.focus({ preventScroll: true });
    } else if (performance.now() < until) {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
}
