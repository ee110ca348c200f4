import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router';

import { auditSearch, peopleSearch, spacesSearch } from '../searchParams';
import { inside } from './root';

import { adminPagesOf } from '@/lib/session/permissions';
import { meQuery } from '@/lib/session/session';

const admin = createRoute({
  getParentRoute: () => inside,
  path: '/admin',
  beforeLoad: async ({ context, location }) => {
    const me = await context.queryClient.query({ ...meQuery, staleTime: 'static' });
    const pages = adminPagesOf(me);
    const here = location.pathname.replace(/\/$/, '');
    const first = pages[0];
    // Who may not look after the server is not told that there is something to look after.
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router answers
    if (first === undefined) throw notFound();
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
    if (here === '/admin') throw redirect({ to: first.to });
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router answers
    if (!pages.some(({ to }) => here === to || here.startsWith(`${to}/`))) throw notFound();
  },
  component: lazyRouteComponent(() => import('@/features/admin/AdminPage'), 'AdminPage'),
});

const people = createRoute({
  getParentRoute: () => admin,
  path: '/people',
  validateSearch: peopleSearch,
  component: lazyRouteComponent(() => import('@/features/admin/people/PeoplePage'), 'PeoplePage'),
});

const person = createRoute({
  getParentRoute: () => admin,
  path: '/people/$userId',
  component: lazyRouteComponent(() => import('@/features/admin/people/PersonPage'), 'PersonPage'),
});

const invitations = createRoute({
  getParentRoute: () => admin,
  path: '/invitations',
  component: lazyRouteComponent(
    () => import('@/features/admin/invitations/InvitationsPage'),
    'InvitationsPage',
  ),
});

const spaces = createRoute({
  getParentRoute: () => admin,
  path: '/spaces',
  validateSearch: spacesSearch,
  component: lazyRouteComponent(() => import('@/features/admin/spaces/SpacesPage'), 'SpacesPage'),
});

const space = createRoute({
  getParentRoute: () => admin,
  path: '/spaces/$spaceId',
  component: lazyRouteComponent(() => import('@/features/admin/spaces/QuotaPage'), 'QuotaPage'),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: '/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('@/features/admin/audit/AuditPage'), 'AuditPage'),
});

const programs = createRoute({
  getParentRoute: () => admin,
  path: '/programs',
  component: lazyRouteComponent(
    () => import('@/features/admin/server/ProgramsPage'),
    'ProgramsPage',
  ),
});

const settings = createRoute({
  getParentRoute: () => admin,
  path: '/settings',
  component: lazyRouteComponent(
    () => import('@/features/admin/server/SettingsPage'),
    'SettingsPage',
  ),
});

const system = createRoute({
  getParentRoute: () => admin,
  path: '/system',
  component: lazyRouteComponent(() => import('@/features/admin/system/System'), 'System'),
});

export const adminRoute = admin.addChildren([
  people,
  person,
  invitations,
  spaces,
  space,
  audit,
  programs,
  settings,
  system,
]);
