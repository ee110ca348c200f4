import { queryClient } from '@/lib/query/client';
import { forgetPictures } from '@/lib/secure';
import { chooseSpace } from '@/lib/session/space';

/** Whom an administrator acts as in this browser: a person's id. */
const KEY = 'armarium-acting';

export const actsAs = (): string | null => localStorage.getItem(KEY);

/** Begins or ends it; nothing that was shown of the one may stay for the other. */
export async function becomeSomebody(userId: string | null): Promise<void> {
  const before = actsAs();
  if (userId === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, userId);
  chooseSpace(null);
  queryClient.clear();
  const { database } = await import('@/lib/storage/database');
  await database.kept.clear();
  await forgetPictures();
  window.location.assign(userId === null && before !== null ? `/admin/people/${before}` : '/');
}

/** What the server says of who acts; a mark that is left over or missing is mended. */
export function noticeWho(userId: string | null): void {
  if (userId === null) localStorage.removeItem(KEY);
  else if (actsAs() === null) localStorage.setItem(KEY, userId);
}

/** Other tabs of this browser hear that they are another person's now. */
export function onSomebodyElse(act: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === KEY) act();
  };
  window.addEventListener('storage', hear);
  return () => window.removeEventListener('storage', hear);
}
