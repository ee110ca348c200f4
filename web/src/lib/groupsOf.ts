/** Cuts a list into parts of so many: what a server takes at once. */
export const groupsOf = <Thing>(things: readonly Thing[], most: number): Thing[][] =>
  Array.from({ length: Math.ceil(things.length / most) }, (_, at) =>
    things.slice(at * most, (at + 1) * most),
  );
