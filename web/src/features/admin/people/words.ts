import type { Account, Role } from '../api/people';

export const roles = ['user', 'moderator', 'admin'] as const satisfies readonly Role[];
export const states = ['active', 'disabled', 'closing'] as const;
export type State = (typeof states)[number];

export const roleOf = (role: string): Role => roles.find((each) => each === role) ?? 'user';

/** A lock is said first: it holds whatever else is under way. */
export function stateOf({
  disabled_at,
  closes_at,
}: Pick<Account, 'disabled_at' | 'closes_at'>): State {
  if (disabled_at !== null) return 'disabled';
  return closes_at === null ? 'active' : 'closing';
}
