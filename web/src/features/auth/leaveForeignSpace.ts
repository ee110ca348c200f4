import { meGet } from '@/api';
import { ApiProblem } from '@/lib/http/problem';
import { chooseSpace, chosenSpace } from '@/lib/session/space';
import { isWhoWasHere } from '@/lib/session/wasHere';

/**
 * A session that ended by itself leaves its space chosen. Whoever logs in goes on there if they are
 * the same person and still have their seat; anybody else begins in a space of their own.
 */
export async function leaveForeignSpace(): Promise<void> {
  const space = chosenSpace();
  if (space === null) return;
  const stays = await meGet({ headers: { 'X-Space': space } }).then(
    ({ data }) => isWhoWasHere(data.id),
    (refusal: unknown) => !(refusal instanceof ApiProblem && refusal.code === 'no_such_space'),
  );
  if (!stays) chooseSpace(null);
}
