import { createRoute, lazyRouteComponent } from '@tanstack/react-router';

import { catalogueSearch, importSearch, itemSearch } from '../searchParams';
import { inside } from './root';

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
  validateSearch: catalogueSearch,
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

const entryNew = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/entries/new',
  validateSearch: itemSearch,
  component: lazyRouteComponent(() => import('@/features/catalogue/NewEntryPage'), 'NewEntryPage'),
});

const ownEntries = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/own',
  component: lazyRouteComponent(
    () => import('@/features/catalogue/OwnEntriesPage'),
    'OwnEntriesPage',
  ),
});

const catalogueImport = createRoute({
  getParentRoute: () => inside,
  path: '/catalogue/import',
  validateSearch: importSearch,
  component: lazyRouteComponent(() => import('@/features/catalogue/ImportPage'), 'ImportPage'),
});

export const catalogueRoutes = [
  catalogues,
  catalogueImport,
  entryNew,
  ownEntries,
  entry,
  catalogue,
] as const;
