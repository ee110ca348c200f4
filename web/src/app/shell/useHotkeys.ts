import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

const OPEN = 'armarium:palette';

export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** Whose letters these are, and what stands before the page. */
const FIELDS = 'input, textarea, select, [contenteditable]';
const DIALOGS = '[role="dialog"], dialog[open]';

/** The keys that work everywhere. The palette's code is fetched when it is first wanted. */
export function useHotkeys(): { paletteWanted: boolean } {
  const navigate = useNavigate();
  const [paletteWanted, setWanted] = useState(false);

  useEffect(() => {
    const want = () => setWanted(true);
    const press = (event: KeyboardEvent) => {
      const { key, altKey, target } = event;
      if (target instanceof Element && target.closest(FIELDS) !== null) return;
      const command = event.ctrlKey || event.metaKey;
      if (command && !altKey && key.toLowerCase() === 'k') openPalette();
      // With or without Shift: many layouts have it above a digit.
      else if (!command && key === '/' && document.querySelector(DIALOGS) === null)
        void navigate({ to: '/search' });
      else return;
      event.preventDefault();
    };
    window.addEventListener(OPEN, want);
    document.addEventListener('keydown', press);
    return () => {
      window.removeEventListener(OPEN, want);
      document.removeEventListener('keydown', press);
    };
  }, [navigate]);

  return { paletteWanted };
}
