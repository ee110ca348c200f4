import { useHotkeys } from '@mantine/hooks';

import type { Inbox } from '../useInbox';

import type { Candidate } from '@/lib/wire/scan';

interface Keys {
  inbox: Inbox;
  candidates: readonly Candidate[];
  choose: (candidate: Candidate) => void;
  discard: () => void;
  type: () => void;
  split: () => void;
  enabled: boolean;
}

/** The inbox by keyboard. Enter is left to a focused button or link. */
export function useReviewKeys({
  inbox,
  candidates,
  choose,
  discard,
  type,
  split,
  enabled,
}: Keys): void {
  const pick = (index: number) => {
    const candidate = candidates[index];
    if (candidate) choose(candidate);
  };
  const accept = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest('button, a') === null || target.closest('[aria-current="true"]') !== null)
      pick(0);
  };
  const merge = () => {
    const [first, ...others] = inbox.chosen;
    if (first !== undefined && others.length > 0) inbox.act({ name: 'merge', id: first, others });
  };
  const toggle = () => {
    if (inbox.current) inbox.toggle(inbox.current.id);
  };
  // The toast that is shown carries the way back; its button is pressed for the person.
  const undo = () =>
    document.querySelector<HTMLButtonElement>('.mantine-Notifications-root button')?.click();

  useHotkeys(
    enabled
      ? [
          ['Enter', accept, { preventDefault: false }],
          ['a', () => pick(0)],
          ...Array.from(
            { length: 9 },
            (_, index) => [String(index + 1), () => pick(index)] as [string, () => void],
          ),
          ['j', () => inbox.move(1)],
          ['ArrowDown', () => inbox.move(1)],
          ['k', () => inbox.move(-1)],
          ['ArrowUp', () => inbox.move(-1)],
          ['x', toggle],
          ['t', type],
          ['s', split],
          ['m', merge],
          ['d', discard],
          ['u', undo],
        ]
      : [],
  );
}
