export interface Placed<Thing> {
  thing: Thing;
  width: number;
}

export interface JustifiedRow<Thing> {
  height: number;
  cells: Placed<Thing>[];
}

/**
 * Lays pictures into rows of one height each in their true proportions, as a museum hangs a wall.
 * All lengths in CSS pixels; `ratio` is width over height. The last row keeps the wanted height.
 */
export function justify<Thing>(
  things: readonly Thing[],
  ratio: (thing: Thing) => number,
  { width, height, gap }: { width: number; height: number; gap: number },
): JustifiedRow<Thing>[] {
  const rows: JustifiedRow<Thing>[] = [];
  let line: Thing[] = [];
  let sum = 0;
  const close = (full: boolean) => {
    const free = width - gap * (line.length - 1);
    const fitted = full ? free / sum : Math.min(height, free / sum);
    rows.push({
      height: fitted,
      cells: line.map((thing) => ({ thing, width: ratio(thing) * fitted })),
    });
    line = [];
    sum = 0;
  };
  for (const thing of things) {
    line.push(thing);
    sum += ratio(thing);
    if (sum * height + gap * (line.length - 1) >= width) close(true);
  }
  if (line.length > 0) close(false);
  return rows;
}
