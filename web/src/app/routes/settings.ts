import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';

import { auditSearch } from '../searchParams';
import { inside } from './root';

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
});

const settingsProfile = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/settings/ProfilePage'), 'ProfilePage'),
});

const settingsSpaces = createRoute({
  getParentRoute: () => settings,
  path: '/spaces',
  component: lazyRouteComponent(
    () => import('@/features/settings/spaces/SpacesPage'),
    'SpacesPage',
  ),
});

const settingsSharing = createRoute({
  getParentRoute: () => settings,
  path: '/sharing',
  component: lazyRouteComponent(
    () => import('@/features/settings/sharing/SharingPage'),
    'SharingPage',
  ),
});

/** Stands apart from the tabs: it is where a link leads. */
export const invitationRoute = createRoute({
  getParentRoute: () => inside,
  path: '/invitation',
  component: lazyRouteComponent(
    () => import('@/features/settings/spaces/InvitationPage'),
    'InvitationPage',
  ),
});

/** Where the letter of an invitation leads. */
export const invitationsRoute = createRoute({
  getParentRoute: () => inside,
  path: '/invitations',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- how the router redirects
    throw redirect({ to: '/settings/spaces' });
  },
});

const settingsFields = createRoute({
  getParentRoute: () => settings,
  path: '/fields',
  component: lazyRouteComponent(() => import('@/features/settings/fields/OwnFields'), 'OwnFields'),
});

const settingsSecurity = createRoute({
  getParentRoute: () => settings,
  path: '/security',
  component: lazyRouteComponent(
    () => import('@/features/settings/security/SecurityPage'),
    'SecurityPage',
  ),
});

const settingsDevices = createRoute({
  getParentRoute: () => settings,
  path: '/devices',
  component: lazyRouteComponent(
    () => import('@/features/settings/devices/DevicesPage'),
    'DevicesPage',
  ),
});

const settingsPrograms = createRoute({
  getParentRoute: () => settings,
  path: '/programs',
  component: lazyRouteComponent(
    () => import('@/features/settings/programs/ProgramsPage'),
    'ProgramsPage',
  ),
});

const settingsPublic = createRoute({
  getParentRoute: () => settings,
  path: '/public',
  component: lazyRouteComponent(() => import('@/features/settings/open/PublicPage'), 'PublicPage'),
});

const settingsData = createRoute({
  getParentRoute: () => settings,
  path: '/data',
  component: lazyRouteComponent(() => import('@/features/settings/data/DataPage'), 'DataPage'),
});

const settingsHistory = createRoute({
  getParentRoute: () => settings,
  path: '/history',
  validateSearch: auditSearch,
  component: lazyRouteComponent(
    () => import('@/features/settings/history/HistoryPage'),
    'HistoryPage',
  ),
});

export const settingsRoute = settings.addChildren([
  settingsProfile,
  settingsSpaces,
  settingsSharing,
  settingsPublic,
  settingsFields,
  settingsSecurity,
  settingsDevices,
  settingsPrograms,
  settingsData,
  settingsHistory,
]);
