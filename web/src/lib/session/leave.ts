import { authLogout } from '@/api';
import { queryClient } from '@/lib/query/client';
import { forgetPictures } from '@/lib/secure';
import { chooseSpace } from '@/lib/session/space';
import { forgetBeingHere } from '@/lib/session/wasHere';

/** What the door itself shows. */
const DOOR = new Set<unknown>(['setup', 'providers', 'invitation', 'invited']);

/**
 * Logs out, leads to the door, and forgets there what this device had cached of the account: a page
 * that still stands would ask anew for what was forgotten under it. Photos that wait to be sent
 * stay: they belong to the account and are shown again when it returns.
 */
export async function leave(toTheDoor: () => Promise<void>): Promise<void> {
  await authLogout({ body: {} });
  await forget(toTheDoor);
}

/** The second half alone, where the server has ended the session already. */
export async function forget(toTheDoor: () => Promise<void>): Promise<void> {
  chooseSpace(null);
  forgetBeingHere();
  await toTheDoor();
  forgetPerson();
  const { database } = await import('@/lib/storage/database');
  await database.kept.clear();
  await forgetPictures();
}

/** Nothing of a person stays in this tab, nor is written down again. */
export function forgetPerson(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => !DOOR.has(queryKey[0]) });
}
