import { undo } from './api/undo';

import type { DetectionId } from '@/lib/brand';
import { ApiProblem } from '@/lib/http/problem';
import { inTurns } from '@/lib/inTurns';

/** Parts that were just cut are read first; meanwhile the server asks to come back in a moment. */
const PAUSE = 1_500;
const TRIES = 30;

/** Undoes the last act on each detection. */
export async function takeBack(ids: readonly DetectionId[]): Promise<void> {
  await inTurns(ids, undoPatiently);
}

async function undoPatiently(id: DetectionId): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await undo(id);
      return;
    } catch (error) {
      const reading = error instanceof ApiProblem && error.code === 'still_reading';
      if (!reading || attempt === TRIES) throw error;
      await new Promise((resume) => setTimeout(resume, PAUSE));
    }
  }
}
