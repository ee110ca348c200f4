/**
 * The pages of the settings in their order. A new one is a line here, its words under
 * `settings.tabs`, and a route of its path in the app's router.
 */
export const tabs = [
  { name: 'profile', to: '/settings', admin: false },
  { name: 'spaces', to: '/settings/spaces', admin: false },
  { name: 'sharing', to: '/settings/sharing', admin: false },
  { name: 'fields', to: '/settings/fields', admin: false },
  { name: 'security', to: '/settings/security', admin: false },
  { name: 'devices', to: '/settings/devices', admin: false },
  { name: 'programs', to: '/settings/programs', admin: false },
  { name: 'system', to: '/settings/system', admin: true },
] as const;
