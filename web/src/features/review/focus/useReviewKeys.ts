import { useHotkeys } from '@mantine/hooks';

import type { Inbox } from '../useInbox';

import { undoLatest } from '@/components/feedback/toast';

import type { Candidate } from '@/lib/wire/scan';

interface Keys {
  inbox: Inbox;
  candidates: readonly Candidate[];
  /** Whether Enter may take the first. */
  sure: boolean;
  choose: (candidate: Candidate) => void;
  discard: () => void;
  again: () => void;
  type: () => void;
  split: () => void;
  enabled: boolean;
}

/** What a key that is held down goes on doing; anything else would be done to finds unseen. */
const MOVES = new Set(['j', 'k', 'ArrowDown', 'ArrowUp']);

/** The inbox by keyboard. Enter is left to a focused button or link. */
export function useReviewKeys({
  inbox,
  candidates,
  sure,
  choose,
  discard,
  again,
  type,
  split,
  enabled,
}: Keys): void {
  const pick = (index: number) => {
    const candidate = candidates[index];
    if (candidate) choose(candidate);
  };
  const accept = (event: KeyboardEvent) => {
    if (!sure) return;
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

  const keys: [string, (event: KeyboardEvent) => void][] = [
    ['Enter', accept],
    ['a', () => pick(0)],
    ...Array.from({ length: 9 }, (_, index): [string, () => void] => [
      String(index + 1),
      () => pick(index),
    ]),
    ['j', () => inbox.move(1)],
    ['ArrowDown', () => inbox.move(1)],
    ['k', () => inbox.move(-1)],
    ['ArrowUp', () => inbox.move(-1)],
    ['x', toggle],
    ['t', type],
    ['s', split],
    ['m', merge],
    ['d', discard],
    ['l', again],
    ['u', undoLatest],
  ];
  useHotkeys(
    keys.map(([key, act]) => [
      key,
      (event: KeyboardEvent) => {
        if (!enabled || isOfField(event)) return;
        if (key !== 'Enter') event.preventDefault();
        if (!event.repeat || MOVES.has(key)) act(event);
      },
      { preventDefault: false },
    ]),
    [],
  );
}

/**
 * Whether the key belongs to the field that it was pressed in. A ticked box takes no letters; nor
 * does a choice of a few, which only moves by the arrows.
 */
export function isOfField({ target, key }: Pick<KeyboardEvent, 'target' | 'key'>): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input[type="radio"]') !== null) return key.startsWith('Arrow');
  return target.closest('input:not([type="checkbox"]), textarea, select') !== null;
}
