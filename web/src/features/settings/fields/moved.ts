import type { OwnField } from '@/lib/ownFields/ownFields';

interface Placed {
  id: OwnField['id'];
  position: number;
}

/** The new positions, of those that get one, when the field at `from` trades places with `to`. */
export function moved(all: readonly OwnField[], from: number, to: number): Placed[] {
  const order = [...all];
  const [one, other] = [all[from], all[to]];
  if (one === undefined || other === undefined) return [];
  [order[from], order[to]] = [other, one];
  let last = -1;
  // Programs may have given several fields one position.
  const positions = all.map(({ position }) => (last = Math.max(position, last + 1)));
  return order.flatMap(({ id, position: before }, at) => {
    const position = positions[at] ?? before;
    return position === before ? [] : [{ id, position }];
  });
}
