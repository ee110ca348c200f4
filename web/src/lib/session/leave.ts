import { authLogout } from '@/api';
import { forgetPictures } from '@/lib/secure';
import { chooseSpace } from '@/lib/session/space';
import { forgetBeingHere } from '@/lib/session/wasHere';
import { queryClient } from '@/lib/query/client';

/**
 * Logs out and forgets what this device had cached of the account. Photos that wait to be sent
 * stay: they belong to the account and are shown again when it returns.
 */
export async function leave(): Promise<void> {
  await authLogout({ body: {} });
  await forget();
}

/** The second half alone, where the server has ended the session already. */
export async function forget(): Promise<void> {
  chooseSpace(null);
  forgetBeingHere();
  queryClient.clear();
  const { database } = await import('@/lib/storage/database');
  await database.kept.clear();
  await forgetPictures();
}
