/** Whether the door is on the way to a seat in somebody's space. */
export const isInvited = (next: string | undefined): boolean =>
  next !== undefined && /^\/invitation([?#]|$)/u.test(next);

/** What the link of an invitation holds behind its `#`, where it stays out of logs. */
export function invitationTokenOf(next: string | undefined): string | null {
  if (next === undefined || !isInvited(next)) return null;
  return new URLSearchParams(next.split('#')[1]).get('token');
}

/** What somebody is told who wanted to a page inside and was led to the door. */
export function welcomeTo(
  next: string | undefined,
  wasHere: boolean,
): 'invited' | 'expired' | 'first' | null {
  if (next === undefined) return null;
  if (isInvited(next)) return 'invited';
  return wasHere ? 'expired' : 'first';
}
