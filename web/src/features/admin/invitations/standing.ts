import type { Invitation } from '../api/invitations';

type Standing = 'open' | 'withdrawn' | 'allUsed' | 'over';

/** Whether an invitation still lets somebody in, and why not. */
export function standingOf(
  {
    revoked_at,
    uses,
    max_uses,
    expires_at,
  }: Pick<Invitation, 'revoked_at' | 'uses' | 'max_uses' | 'expires_at'>,
  now: number,
): Standing {
  if (revoked_at !== null) return 'withdrawn';
  if (uses >= max_uses) return 'allUsed';
  return Date.parse(expires_at) <= now ? 'over' : 'open';
}
