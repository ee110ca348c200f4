import { useMantineColorScheme } from '@mantine/core';

import { useSetPreference } from './useSetPreference';

import type { Scheme } from '@/lib/session/preferences';

/** Light, dark or as the device has it: here at once, and on the person's other devices. */
export function useChooseTheme(): (theme: Scheme) => void {
  const { setColorScheme } = useMantineColorScheme();
  const set = useSetPreference();
  return (theme) => {
    setColorScheme(theme);
    set({ theme });
  };
}
