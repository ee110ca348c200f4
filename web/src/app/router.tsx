import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';

import { Crash } from './shell/Crash';
import { NotFound } from './shell/NotFound';
import { PageSkeleton } from './shell/PageSkeleton';
import { adminRoute } from './routes/admin';
import { catalogueRoutes } from './routes/catalogue';
import { doorRoutes } from './routes/door';
import { inside, root } from './routes/root';
import { invitationRoute, invitationsRoute, settingsRoute } from './routes/settings';
import { collectionSearch, itemSearch, searchSearch } from './searchParams';

import { queryClient } from '@/lib/query/client';

const dashboard = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(
    () => import('@/features/dashboard/DashboardPage'),
    'DashboardPage',
  ),
});

const scan = createRoute({
  getParentRoute: () => inside,
  path: '/scan',
  component: lazyRouteComponent(() => import('@/features/scan/ScanPage'), 'ScanPage'),
});

const scanResult = createRoute({
  getParentRoute: () => inside,
  path: '/scan/$scanId',
  component: lazyRouteComponent(() => import('@/features/scan/ScanResultPage'), 'ScanResultPage'),
});

const scans = createRoute({
  getParentRoute: () => inside,
  path: '/scan/all',
  component: lazyRouteComponent(() => import('@/features/scan/ScansPage'), 'ScansPage'),
});

const review = createRoute({
  getParentRoute: () => inside,
  path: '/review',
  component: lazyRouteComponent(() => import('@/features/review/ReviewPage'), 'ReviewPage'),
});

const collection = createRoute({
  getParentRoute: () => inside,
  path: '/collection',
  validateSearch: collectionSearch,
  component: lazyRouteComponent(
    () => import('@/features/collection/CollectionPage'),
    'CollectionPage',
  ),
});

const shelves = createRoute({
  getParentRoute: () => inside,
  path: '/collections',
  component: lazyRouteComponent(
    () => import('@/features/collection/shelves/ShelvesPage'),
    'ShelvesPage',
  ),
});

const shelf = createRoute({
  getParentRoute: () => inside,
  path: '/collections/$shelfId',
  validateSearch: collectionSearch,
  component: lazyRouteComponent(
    () => import('@/features/collection/shelves/ShelfPage'),
    'ShelfPage',
  ),
});

const newItem = createRoute({
  getParentRoute: () => inside,
  path: '/items/new',
  validateSearch: itemSearch,
  component: lazyRouteComponent(() => import('@/features/item/NewItemPage'), 'NewItemPage'),
});

const item = createRoute({
  getParentRoute: () => inside,
  path: '/items/$itemId',
  component: lazyRouteComponent(() => import('@/features/item/ItemPage'), 'ItemPage'),
});

const search = createRoute({
  getParentRoute: () => inside,
  path: '/search',
  validateSearch: searchSearch,
  component: lazyRouteComponent(() => import('@/features/search/SearchPage'), 'SearchPage'),
});

const jobs = createRoute({
  getParentRoute: () => inside,
  path: '/jobs',
  component: lazyRouteComponent(() => import('@/features/jobs/JobsPage'), 'JobsPage'),
});

const more = createRoute({
  getParentRoute: () => inside,
  path: '/more',
  component: lazyRouteComponent(() => import('./shell/MorePage'), 'MorePage'),
});

const routeTree = root.addChildren([
  ...doorRoutes,
  inside.addChildren([
    dashboard,
    scan,
    scans,
    scanResult,
    review,
    collection,
    shelves,
    shelf,
    newItem,
    item,
    search,
    ...catalogueRoutes,
    adminRoute,
    settingsRoute,
    invitationRoute,
    invitationsRoute,
    jobs,
    more,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: Crash,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
