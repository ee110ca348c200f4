import { queryClient } from '@/lib/query/client';
import { forgetPictures } from '@/lib/secure';
import { sharedWord } from '@/lib/session/shared';
import { chooseSpace } from '@/lib/session/space';

/** Whom an administrator acts as in this browser: a person's id. */
const acting = sharedWord('armarium-acting');

export const actsAs = (): string | null => acting.get();

/** Begins or ends it; nothing that was shown of the one may stay for the other. */
export async function becomeSomebody(userId: string | null): Promise<void> {
  const before = actsAs();
  acting.set(userId);
  chooseSpace(null);
  queryClient.clear();
  const { database } = await import('@/lib/storage/database');
  await database.kept.clear();
  await forgetPictures();
  window.location.assign(userId === null && before !== null ? `/admin/people/${before}` : '/');
}

/** What the server says of who acts; a mark that is left over or missing is mended. */
export function noticeWho(userId: string | null): void {
  if (userId === null || actsAs() === null) acting.set(userId);
}
