import { expect, test } from 'vitest';

import { keysTouchedBy, parseServerEvent } from '@/lib/events/serverEvent';
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

test('resync means everything', () => {
  expect(parseServerEvent('resync', '{}')).toBeNull();
});

test('an event of tomorrow does no harm', () => {
  const event = parseServerEvent('Whatever', 'not json');
  expect(event && keysTouchedBy(event)).toEqual([['stats']]);
});
