/** How many requests of one act run beside each other. */
const BESIDE = 4;

/** Does `act` to each thing, a few at a time; stops at the first failure. */
export async function inTurns<Thing, Done>(
  things: readonly Thing[],
  act: (thing: Thing) => Promise<Done>,
): Promise<Done[]> {
  const done: Done[] = [];
  for (let at = 0; at < things.length; at += BESIDE) {
    done.push(...(await Promise.all(things.slice(at, at + BESIDE).map(act))));
  }
  return done;
}
