import { useState } from 'react';

import { type Act, useReviewActs } from './useReviewActs';

import type { DetectionId } from '@/lib/brand';
import type { Waiting } from '@/lib/wire/scan';

export interface Inbox {
  current: Waiting | null;
  chosen: ReadonlySet<DetectionId>;
  go: (id: DetectionId) => void;
  move: (steps: number) => void;
  toggle: (id: DetectionId) => void;
  act: (act: Act) => void;
}

/** Which find is in front, which are selected; after a decision the next one comes by itself. */
export function useInbox(waiting: readonly Waiting[]): Inbox {
  const [at, setAt] = useState<DetectionId | null>(null);
  const [place, setPlace] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<DetectionId>>(new Set());
  const found = waiting.findIndex(({ id }) => id === at);
  // The one in front was decided: its place in the row is taken by the one that follows.
  const index = found === -1 ? Math.min(place, waiting.length - 1) : found;
  const current = waiting[index] ?? null;

  const decide = useReviewActs(() => {
    setPlace(Math.max(0, index));
    setChosen(new Set());
  });
  return {
    current,
    chosen,
    go: setAt,
    move: (steps) => {
      const next = waiting[Math.min(waiting.length - 1, Math.max(0, index + steps))];
      if (next) setAt(next.id);
    },
    toggle: (id) =>
      setChosen((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    act: (act) => decide(act),
  };
}
