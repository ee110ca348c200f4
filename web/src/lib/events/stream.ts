/** One event of a server-sent stream. */
export interface StreamEvent {
  name: string;
  data: string;
  id: string | null;
}

/**
 * Reads `text/event-stream`. EventSource would do, but it wants every event name beforehand, and new
 * kinds of events must reach a page that was built before them.
 */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value.replaceAll('\r\n', '\n')).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== null) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Null for a comment, which only keeps the line warm. */
export function parseBlock(block: string): StreamEvent | null {
  const event: StreamEvent = { name: 'message', data: '', id: null };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [field, value] = split(line);
    if (field === 'event') event.name = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') event.id = value;
  }
  if (data.length === 0) return null;
  return { ...event, data: data.join('\n') };
}

function split(line: string): [string, string] {
  const at = line.indexOf(':');
  return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
}
