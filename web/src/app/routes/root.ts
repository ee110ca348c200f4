import { createRootRouteWithContext, createRoute, Outlet } from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';

import { requireAccount } from '../guards';
import { NotFound } from '../shell/NotFound';
import { Shell } from '../shell/Shell';

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Every page that needs an account stands in the shell. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: requireAccount,
  component: Shell,
});
