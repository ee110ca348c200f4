import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

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

const settingsSystem = createRoute({
  getParentRoute: () => settings,
  path: '/system',
  component: lazyRouteComponent(() => import('@/features/settings/system/System'), 'System'),
});

export const settingsRoute = settings.addChildren([
  settingsProfile,
  settingsSpaces,
  settingsSharing,
  settingsFields,
  settingsSecurity,
  settingsDevices,
  settingsPrograms,
  settingsSystem,
]);
