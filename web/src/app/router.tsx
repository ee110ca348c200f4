import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';

import { Crash } from './shell/Crash';
import { NotFound } from './shell/NotFound';
import { PageSkeleton } from './shell/PageSkeleton';
import { Shell } from './shell/Shell';
import { requireAccount, requireNobody } from './guards';
import {
  collectionSearch,
  itemSearch,
  loginSearch,
  pageSearch,
  searchSearch,
} from './searchParams';

import { queryClient } from '@/lib/query/client';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFound,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: loginSearch,
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/LoginPage'), 'LoginPage'),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  beforeLoad: requireNobody,
  component: lazyRouteComponent(() => import('@/features/auth/SignUpPage'), 'SignUpPage'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: requireAccount,
  component: Shell,
});

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

const catalogues = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue',
  component: lazyRouteComponent(
    () => import('@/features/catalogue/CataloguesPage'),
    'CataloguesPage',
  ),
});

const catalogue = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/$slug',
  validateSearch: pageSearch,
  component: lazyRouteComponent(
    () => import('@/features/catalogue/CataloguePage'),
    'CataloguePage',
  ),
});

const entry = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/entries/$entryId',
  component: lazyRouteComponent(() => import('@/features/catalogue/EntryPage'), 'EntryPage'),
});

const catalogueImport = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/import',
  component: lazyRouteComponent(() => import('@/features/catalogue/ImportPage'), 'ImportPage'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/SettingsPage'), 'SettingsPage'),
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
  login,
  signUp,
  inside.addChildren([
    dashboard,
    scan,
    scanResult,
    review,
    collection,
    newItem,
    item,
    search,
    catalogues,
    catalogueImport,
    entry,
    catalogue,
    settings,
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
