const WRITTEN_IN = 'input, textarea, select, button';

/** After a refusal the first field that must change is shown and focused, as soon as it is marked. */
export function focusFirstError(): void {
  requestAnimationFrame(() => {
    const marked = document.querySelector<HTMLElement>('[aria-invalid="true"]');
    // Some inputs mark the frame that they stand in.
    const field =
      marked?.matches(WRITTEN_IN) === true
        ? marked
        : marked?.querySelector<HTMLElement>(WRITTEN_IN);
    field?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  });
}
