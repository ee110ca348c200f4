import { useEffect, useState } from 'react';

/** How often, and for how long, it is looked whether the page was drawn anew. */
const STEP_MS = 50;
const STEPS = 40;

/** What was focused when a dialog opened; of a menu, which is gone by then, what opened that. */
function opener(): HTMLElement | null {
  const focused = document.activeElement;
  const menu = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const found = menu == null ? focused : document.getElementById(menu);
  return found instanceof HTMLElement ? found : null;
}

const isNowhere = () => document.activeElement === null || document.activeElement === document.body;

/**
 * Gives the focus back when the caller goes, unless something else took it. What was done in a
 * dialog may take away the row that it was opened from, as soon as its list is read anew.
 */
export function useFocusBack(): void {
  const [before] = useState(opener);
  useEffect(
    () => () => {
      const look = (left: number) =>
        setTimeout(() => {
          const back = before?.isConnected === true ? before : null;
          if (isNowhere())
            (back ?? document.getElementById('main'))?.focus({ preventScroll: true });
          if (left > 0 && document.activeElement === back) look(left - 1);
        }, STEP_MS);
      look(STEPS);
    },
    [before],
  );
}
