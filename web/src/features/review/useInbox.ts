import { useState } from 'react';

import { type Act, useReviewActs } from './useReviewActs';

import type { DetectionId } from '@/lib/brand';
import type { Waiting } from '@/lib/wire/scan';

export interface Inbox {
  /** What is still to be decided: without what is being decided right now. */
  waiting: readonly Waiting[];
  current: Waiting | null;
  chosen: ReadonlySet<DetectionId>;
  go: (id: DetectionId) => void;
  move: (steps: number) => void;
  toggle: (id: DetectionId) => void;
  act: (act: Act) => void;
}

/** Which find is in front, which are selected; after a decision the next one comes by itself. */
export function useInbox(rows: readonly Waiting[]): Inbox {
  const [front, setFront] = useState<{ id: DetectionId | null; place: number }>({
    id: null,
    place: 0,
  });
  const [chosen, setChosen] = useState<ReadonlySet<DetectionId>>(new Set());
  const { decide, deciding } = useReviewActs();
  const waiting = rows.filter(({ id }) => !deciding.has(id));
  const found = waiting.findIndex(({ id }) => id === front.id);
  // The one in front was decided: its place in the row is taken by the one that follows.
  const index = found === -1 ? Math.min(front.place, waiting.length - 1) : found;
  const current = waiting[index] ?? null;
  // What a person looks at stays in front, whatever comes or returns before it.
  if (current !== null && (current.id !== front.id || index !== front.place))
    setFront({ id: current.id, place: index });

  const go = (id: DetectionId) => setFront((before) => ({ ...before, id }));
  return {
    waiting,
    current,
    chosen,
    go,
    move: (steps) => {
      const next = waiting[Math.min(waiting.length - 1, Math.max(0, index + steps))];
      if (next) go(next.id);
    },
    toggle: (id) =>
      setChosen((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      }),
    act: (act) => {
      setChosen(new Set());
      decide(act);
    },
  };
}
