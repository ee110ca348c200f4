import type { Me } from './session';

/** What the pages of the administration ask for; the server has more. */
export type Permission =
  | 'users:manage'
  | 'spaces:manage'
  | 'settings:manage'
  | 'quotas:manage'
  | 'audit:read'
  | 'impersonate';

/** Whether somebody may do this on the server as a whole. */
export const may = (me: Pick<Me, 'permissions'>, permission: Permission): boolean =>
  me.permissions.includes(permission);

/** The pages of the administration, and what each one asks for. */
export const adminPages = [
  { name: 'people', to: '/admin/people', needs: 'users:manage' },
  { name: 'invitations', to: '/admin/invitations', needs: 'users:manage' },
  { name: 'spaces', to: '/admin/spaces', needs: 'spaces:manage' },
  { name: 'audit', to: '/admin/audit', needs: 'audit:read' },
  { name: 'programs', to: '/admin/programs', needs: 'settings:manage' },
  { name: 'settings', to: '/admin/settings', needs: 'settings:manage' },
  { name: 'system', to: '/admin/system', needs: 'settings:manage' },
] as const satisfies readonly { name: string; to: string; needs: Permission }[];

/** Those that somebody may open. */
export const adminPagesOf = (me: Pick<Me, 'permissions'>) =>
  adminPages.filter(({ needs }) => may(me, needs));
