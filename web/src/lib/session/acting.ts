import { adminUsersImpersonate, meImpersonationEnd } from '@/api';
import { becomeSomebody } from '@/lib/session/actsAs';

/** From here on this browser, in all its tabs, is somebody else's; the app starts anew. */
export async function actAs(userId: string): Promise<void> {
  await adminUsersImpersonate({ path: { user_id: userId }, body: { cookies: true } });
  await becomeSomebody(userId);
}

/** The administrator is themselves again, on the page of whom they were. */
export async function endActing(): Promise<void> {
  await meImpersonationEnd();
  await becomeSomebody(null);
}
