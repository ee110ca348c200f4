import { prepare } from './prepare';
import { startScan } from './startScan';

import { explain } from '@/lib/http/explain';
import { ApiProblem, Unreachable } from '@/lib/http/problem';
import { locks } from '@/lib/secure';
import { database, type Shot } from '@/lib/storage/database';

/** How long a photo that the server has is still shown in the tray, in milliseconds. */
const KEPT_FOR = 2 * 24 * 60 * 60 * 1000;

let running: Promise<number> | null = null;

/**
 * Sends every waiting photo of this account, oldest first. It is done once at a time, in one tab
 * where tabs can be told apart; a photo that was sent twice anyway (the answer got lost) is scanned
 * once, by its Idempotency-Key. Returns how many went out.
 */
export function flushShots(owner: string): Promise<number> {
  running ??= flushInOneTab(owner).finally(() => {
    running = null;
  });
  return running;
}

async function flushInOneTab(owner: string): Promise<number> {
  const held = locks();
  if (held === undefined) return flushAlone(owner);
  return held.request('armarium-shots', { ifAvailable: true }, (lock) =>
    lock === null ? 0 : flushAlone(owner),
  );
}

async function flushAlone(owner: string): Promise<number> {
  // A tab that was closed while sending left its photo marked so; the key makes a repeat harmless.
  await database.shots.where({ owner, state: 'sending' }).modify({ state: 'waiting' });
  await database.shots
    .where({ owner, state: 'sent' })
    .filter(({ sentAt, taken }) => (sentAt ?? taken) < Date.now() - KEPT_FOR)
    .delete();
  const tried = new Set<string>();
  let sent = 0;
  for (;;) {
    const waiting = await database.shots.where({ owner, state: 'waiting' }).sortBy('taken');
    const shot = waiting.find(({ id }) => !tried.has(id));
    if (shot === undefined) return sent;
    tried.add(shot.id);
    const outcome = await sendShot(shot);
    if (outcome === 'stop') return sent;
    if (outcome === 'sent') sent += 1;
  }
}

/** `stop` where the rest would fare no better now; `next` where this photo alone is in trouble. */
async function sendShot(shot: Shot): Promise<'sent' | 'next' | 'stop'> {
  await database.shots.update(shot.id, { state: 'sending' });
  try {
    const scanId = await startScan({ ...shot, picture: await prepare(shot.picture) });
    const sent = { state: 'sent', scanId, reason: null, sentAt: Date.now() } as const;
    await database.shots.update(shot.id, sent);
    return 'sent';
  } catch (error) {
    const stop = concernsAll(error);
    const tries = (shot.tries ?? 0) + (stop ? 0 : 1);
    const refused = !stop && (isFinal(error) || tries >= MOST_TRIES);
    await database.shots.update(
      shot.id,
      refused
        ? { state: 'refused', reason: explain(error).text, hopeless: isHopeless(error) }
        : { state: 'waiting', tries },
    );
    return stop ? 'stop' : 'next';
  }
}

/** As often is a photo tried that the server fails at or does not get done with, before a person is asked. */
const MOST_TRIES = 5;

/** No answer, a session that ended, somebody else's session, or a busy server. */
const concernsAll = (error: unknown): boolean =>
  error instanceof Unreachable ||
  (error instanceof ApiProblem &&
    (error.code === 'no_such_space' || [401, 408, 425, 429, 502, 503, 504].includes(error.status)));

/** A refusal that the same photo would meet again; not while it is being taken in from before. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status < 500 && error.code !== 'idempotency_in_progress';

/** What no other try can mend: the file itself is no picture that can be read. */
const isHopeless = (error: unknown): boolean =>
  error instanceof ApiProblem &&
  ['unsupported_image', 'broken_image', 'upload_empty', 'too_many_pixels'].includes(error.code);
