/** Whether the door is on the way to a seat in somebody's space. */
export const isInvited = (next: string | undefined): boolean =>
  next !== undefined && /^\/invitation([?#]|$)/u.test(next);

/** What somebody is told who wanted to a page inside and was led to the door. */
export function welcomeTo(
  next: string | undefined,
  wasHere: boolean,
): 'invited' | 'expired' | 'first' | null {
  if (next === undefined) return null;
  if (isInvited(next)) return 'invited';
  return wasHere ? 'expired' : 'first';
}
