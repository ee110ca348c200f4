import { useHotkeys as useMantineHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

const OPEN = 'armarium:palette';

export function openPalette(): void {
  window.dispatchEvent(new Event(OPEN));
}

/** The keys that work everywhere. The palette's code is fetched when it is first wanted. */
export function useHotkeys(): { paletteWanted: boolean } {
  const navigate = useNavigate();
  const [paletteWanted, setWanted] = useState(false);

  useEffect(() => {
    const want = () => setWanted(true);
    window.addEventListener(OPEN, want);
    return () => window.removeEventListener(OPEN, want);
  }, []);

  useMantineHotkeys(
    [
      ['/', () => void navigate({ to: '/search' })],
      ['mod+K', openPalette],
      ['g h', () => void navigate({ to: '/' })],
    ],
    ['INPUT', 'TEXTAREA', 'SELECT'],
    false,
  );

  return { paletteWanted };
}
