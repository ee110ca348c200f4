import { useElementSize } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

import { type ItemFilters, itemsQuery } from './api/listItems';
import { BulkBar } from './BulkBar';
import { CollectionActs } from './CollectionActs';
import { CollectionEmpty } from './CollectionEmpty';
import { CollectionSkeleton } from './CollectionSkeleton';
import { densities } from '@/lib/storage/density';
import { Items } from './Items';
import { Toolbar } from './Toolbar';
import { useSelection } from './useSelection';
import { useShownTotal } from './useShownTotal';

import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { usePreference } from '@/lib/storage/preference';

const route = getRouteApi('/inside/collection');

export function CollectionPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [density, setDensity] = usePreference('collection-density', densities, 'gallery');
  const selection = useSelection();
  const { ref, width } = useElementSize();
  const trash = search.trash === true;
  const filters: ItemFilters = { ...search, sort: search.sort ?? '-created_at', trash };
  const list = useInfiniteQuery(itemsQuery(filters));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const total = useShownTotal(filters);
  const filter = (change: Partial<ItemFilters>) =>
    void navigate({ search: (now) => ({ ...now, ...change, trash: now.trash }), replace: true });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  return (
    <div data-selecting={selection.selecting || undefined}>
      <PageHead
        title={trash ? t('collection.trash') : t('collection.title')}
        text={total === null ? undefined : t('collection.shown', { count: total })}
      >
        <CollectionActs trash={trash} />
      </PageHead>
      <Toolbar
        filters={filters}
        onFilter={filter}
        density={density}
        onDensity={setDensity}
        selection={selection}
      />
      <div ref={ref}>
        {list.isPending || width === 0 ? (
          <CollectionSkeleton density={density} />
        ) : list.isError ? (
          <Failing error={list.error} retry={list.refetch} />
        ) : items.length === 0 ? (
          <CollectionEmpty
            trash={trash}
            filtered={[filters.kind, filters.status, filters.tag].some(
              (part) => part !== undefined,
            )}
          />
        ) : (
          <Items
            density={density}
            items={items}
            width={width}
            selection={selection}
            sort={filters.sort}
            onSort={(sort) => filter({ sort })}
            onEnd={more}
            loadingMore={isFetchingNextPage}
          />
        )}
      </div>
      <BulkBar items={items} selection={selection} trash={trash} />
    </div>
  );
}
