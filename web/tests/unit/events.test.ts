import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';

import { keysTouchedBy, parseServerEvent } from '@/lib/events/serverEvent';
import { staleBy } from '@/lib/events/staleness';
import { eventsOf } from '@/lib/events/stream';

const streamOf = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

test('events are read whole, wherever the network cuts them', async () => {
  const read = [];
  const stream = streamOf(
    ': listening\n\neve',
    'nt: ScanProgressed\nid: 7\nda',
    'ta: {"a":1}\n',
    '\ndata: x\ndata: y\n\n',
  );
  for await (const event of eventsOf(stream)) read.push(event);
  expect(read).toEqual([
    { name: 'ScanProgressed', data: '{"a":1}', id: '7' },
    { name: 'message', data: 'x\ny', id: null },
  ]);
});

test('a scan that came further makes the scan and the inbox stale', () => {
  const event = parseServerEvent(
    'ScanProgressed',
    '{"type":"ScanProgressed","data":{"scan_id":"s1"}}',
  );
  expect(event).not.toBeNull();
  expect(event && keysTouchedBy(event)).toContainEqual(['scan', 's1']);
  expect(event && keysTouchedBy(event)).toContainEqual(['review']);
});

test.each(['ItemTrashed', 'ItemRestored', 'ItemRemoved'])(
  'after %s the collections are counted anew',
  (type) => {
    expect(keysTouchedBy({ type, data: { item_id: 'i1' } })).toContainEqual(['collections']);
  },
);

test('resync means everything', () => {
  expect(parseServerEvent('resync', '{}')).toBeNull();
});

test('an event of tomorrow does no harm', () => {
  const event = parseServerEvent('Whatever', 'not json');
  expect(event && keysTouchedBy(event)).toEqual([['stats']]);
});

afterEach(() => {
  vi.useRealTimers();
});

const changed = (id: number) => ({ type: 'ItemUpdated', data: { item_id: `i${id}` } });

test('hundreds of events are one refetch of what they touch', async () => {
  vi.useFakeTimers();
  const client = new QueryClient();
  const asked = { item: vi.fn(() => 'thing'), stats: vi.fn(() => 'count'), kinds: vi.fn(() => []) };
  const stops = Object.entries(asked).map(([name, queryFn]) =>
    new QueryObserver<unknown>(client, {
      queryKey: name === 'item' ? ['item', 'i7'] : [name],
      queryFn,
    }).subscribe(() => undefined),
  );
  await vi.runAllTimersAsync();
  const happened = staleBy(client);
  for (let id = 0; id < 500; id += 1) happened(changed(id));
  await vi.runAllTimersAsync();
  const times = () => Object.values(asked).map(({ mock }) => mock.calls.length);
  expect(times()).toEqual([2, 2, 1]);
  happened(changed(8));
  await vi.runAllTimersAsync();
  expect(times()).toEqual([2, 3, 1]);
  happened(null);
  await vi.runAllTimersAsync();
  expect(times()).toEqual([3, 4, 2]);
  stops.forEach((stop) => stop());
});

test.each([
  [5, 10],
  [6, 6],
])('of %d pages, %d are asked for when one thing changes', async (pages, asked) => {
  vi.useFakeTimers();
  const client = new QueryClient();
  const queryFn = vi.fn(({ pageParam }: { pageParam: number }) => pageParam);
  const list = new InfiniteQueryObserver(client, {
    queryKey: ['items', {}],
    queryFn,
    initialPageParam: 1,
    getNextPageParam: (page: number) => page + 1,
  });
  const stop = list.subscribe(() => undefined);
  await vi.runAllTimersAsync();
  for (let page = 2; page <= pages; page += 1) await list.fetchNextPage();
  staleBy(client)(changed(1));
  await vi.runAllTimersAsync();
  expect(queryFn).toHaveBeenCalledTimes(asked);
  expect(client.getQueryState(['items', {}])?.isInvalidated).toBe(pages > 5);
  stop();
});
