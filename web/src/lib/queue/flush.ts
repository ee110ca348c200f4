import { prepare } from './prepare';
import { startScan } from './startScan';

import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
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
  let sent = 0;
  await database.shots
    .where({ owner, state: 'sent' })
    .filter((shot) => shot.taken < Date.now() - KEPT_FOR)
    .delete();
  for (;;) {
    const shot = (await database.shots.where({ owner, state: 'waiting' }).sortBy('taken'))[0];
    if (shot === undefined || !(await sendShot(shot))) return sent;
    sent += 1;
  }
}

/** False when the server cannot be reached or is overloaded, so that the rest waits too. */
async function sendShot(shot: Shot): Promise<boolean> {
  await database.shots.update(shot.id, { state: 'sending' });
  try {
    const scanId = await startScan({ ...shot, picture: await prepare(shot.picture) });
    await database.shots.update(shot.id, { state: 'sent', scanId, reason: null });
    return true;
  } catch (error) {
    if (error instanceof ApiProblem && isFinal(error)) {
      await database.shots.update(shot.id, {
        state: 'refused',
        reason: explain(error).text,
        hopeless: HOPELESS.includes(error.code),
      });
      return true;
    }
    await database.shots.update(shot.id, { state: 'waiting' });
    return false;
  }
}

/** What no other try can mend: the file itself is no picture that can be read. */
const HOPELESS = ['unsupported_image', 'broken_image', 'upload_empty', 'too_many_pixels'];

/** Somebody else is logged in by now; the photo waits for its person. */
const NOT_THEIRS = 'no_such_space';

/** A refusal that the same photo would meet again; a lost session or a busy server is not one. */
function isFinal({ status, code }: ApiProblem): boolean {
  if (code === NOT_THEIRS) return false;
  return status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);
}
