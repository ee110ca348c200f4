import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client';
import { useIsRestoring } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';

import { router } from './router';

import { queryClient } from '@/lib/query/client';
import { persistence } from '@/lib/query/persister';
import { theme, variablesResolver } from '@/lib/theme/theme';

const schemes = localStorageColorSchemeManager({ key: 'armarium-color-scheme' });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variablesResolver}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-left" limit={3} containerWidth={440} />
      <PersistQueryClientProvider
        client={queryClient}
        persistOptions={persistence}
        onSuccess={remembered}
      >
        <Restored />
      </PersistQueryClientProvider>
    </MantineProvider>
  );
}

/** What was kept is shown at once and asked for anew: it may be of before the last act. */
const remembered = () => queryClient.invalidateQueries({ refetchType: 'none' });

/** Waits for what this device remembers: without a server it is all there is to show. */
function Restored() {
  return useIsRestoring() ? null : <RouterProvider router={router} />;
}
