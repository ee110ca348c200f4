import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';

import { StaleBanner } from '@/app/shell/StaleBanner';
import { Failing } from '@/components/states/Failing';
import { ApiProblem, Unreachable } from '@/lib/http/problem';

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});
afterEach(cleanup);

const OLD = /could not be refreshed/;

type Answer = () => Promise<string>;

function Page({ ask }: { ask: Answer }) {
  const thing = useQuery({ queryKey: ['thing'], queryFn: ask, retry: false });
  return (
    <>
      <StaleBanner />
      <Failing of={thing} />
      <p>{thing.data}</p>
    </>
  );
}

function show(ask: Answer) {
  const client = new QueryClient();
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Page ask={ask} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return client;
}

const refuse = (error: Error) => () => Promise.reject(error);

test('what never came is told, and asked for again', async () => {
  const ask = vi
    .fn<Answer>()
    .mockRejectedValueOnce(new ApiProblem(500, {}))
    .mockResolvedValue('a chest');
  show(ask);
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('a chest')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('what was loaded stays when it cannot be refreshed, and that it is old is told', async () => {
  const ask = vi
    .fn<Answer>()
    .mockResolvedValueOnce('a chest')
    .mockRejectedValueOnce(new ApiProblem(500, {}))
    .mockResolvedValue('a bigger chest');
  const client = show(ask);
  await screen.findByText('a chest');
  await client.refetchQueries();
  expect(await screen.findByText(OLD)).toBeTruthy();
  expect(screen.getByText('a chest')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('a bigger chest')).toBeTruthy();
  expect(screen.queryByText(OLD)).toBeNull();
});

test.each<[string, Error]>([
  ['gone, as its page tells', new ApiProblem(404, {})],
  ['of a session that ended, as the door tells', new ApiProblem(401, {})],
  ['silent, as the banner for that tells', new Unreachable(null)],
])('nothing is called old that is %s', async (_, error) => {
  const ask = vi.fn<Answer>().mockResolvedValueOnce('a chest').mockImplementation(refuse(error));
  const client = show(ask);
  await screen.findByText('a chest');
  await client.refetchQueries();
  expect(screen.queryByText(OLD)).toBeNull();
});
