import { QueryClient } from '@tanstack/react-query';
import { type PersistedClient, persistQueryClientSave } from '@tanstack/react-query-persist-client';
import { expect, test } from 'vitest';

import { persistence } from '@/lib/query/persister';

test('of a long list the beginning is kept on the device, the rest as it is', async () => {
  const client = new QueryClient();
  const pages = [1, 2, 3].map((id) => ({ rows: [{ id }], next: String(id) }));
  client.setQueryData(['items', {}], { pages, pageParams: [null, '1', '2'] });
  client.setQueryData(['item', 'i1'], { item: { pages: 300 } });
  client.setQueryData(['search', 'x'], 'not kept');
  let kept: PersistedClient | undefined;
  const persistClient = (what: PersistedClient) => {
    kept = what;
  };
  await persistQueryClientSave({
    ...persistence,
    queryClient: client as never, // of the same library in another version
    persister: { ...persistence.persister, persistClient },
  });
  expect(kept?.clientState.queries.map(({ queryKey, state }) => [queryKey[0], state.data])).toEqual(
    [
      ['items', { pages: pages.slice(0, 1), pageParams: [null] }],
      ['item', { item: { pages: 300 } }],
    ],
  );
  expect(client.getQueryData<{ pages: unknown[] }>(['items', {}])?.pages).toHaveLength(3);
});
