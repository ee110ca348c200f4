import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';

import { applyPreferences, preferencesOf } from '@/lib/session/preferences';
import { useMe } from '@/lib/session/session';

/** Shows everything as the person chose it on whatever device they chose it. */
export function usePersonalTaste(): void {
  const me = useMe();
  const { setColorScheme } = useMantineColorScheme();
  const { theme } = preferencesOf(me);
  // Before the pages below are drawn: they read it without asking.
  applyPreferences(me);
  useEffect(() => {
    if (theme !== null) setColorScheme(theme);
  }, [theme, setColorScheme]);
}
