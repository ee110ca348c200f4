import { useEffect, useState } from 'react';

/** What was focused when a dialog opened; of a menu, which is gone by then, what opened that. */
function opener(): HTMLElement | null {
  const focused = document.activeElement;
  const menu = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const found = menu == null ? focused : document.getElementById(menu);
  return found instanceof HTMLElement ? found : null;
}

/** Gives the focus back when the caller goes, unless something else took it. */
export function useFocusBack(): void {
  const [before] = useState(opener);
  useEffect(
    () => () => {
      // Once the dialog is out of the page, and what was done in it has drawn the page anew.
      setTimeout(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        const to = before?.isConnected === true ? before : document.getElementById('main');
        to?.focus({ preventScroll: true });
      }, FRAME_MS);
    },
    [before],
  );
}

const FRAME_MS = 20;
