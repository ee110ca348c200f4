/**
 * The pages of the settings in their order. A new one is a line here, its words under
 * `settings.tabs`, and a route of its path in the app's router. `owner`: only for who owns the
 * space that they are in.
 */
export const tabs = [
  { name: 'profile', to: '/settings', owner: false },
  { name: 'spaces', to: '/settings/spaces', owner: false },
  { name: 'sharing', to: '/settings/sharing', owner: false },
  { name: 'public', to: '/settings/public', owner: false },
  { name: 'fields', to: '/settings/fields', owner: false },
  { name: 'security', to: '/settings/security', owner: false },
  { name: 'devices', to: '/settings/devices', owner: false },
  { name: 'programs', to: '/settings/programs', owner: false },
  { name: 'data', to: '/settings/data', owner: false },
  { name: 'history', to: '/settings/history', owner: true },
] as const;
