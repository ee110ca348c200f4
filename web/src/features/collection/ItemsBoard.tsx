import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo } from 'react';

import { type ItemFilters, itemsQuery } from './api/listItems';
import { BulkBar } from './BulkBar';
import { CollectionSkeleton } from './CollectionSkeleton';
import { Items } from './Items';
import { Toolbar } from './Toolbar';
import { useRoom } from './useRoom';
import { useSelection } from './useSelection';

import { Failing, Trouble } from '@/components/states/Failing';
import type { Shelf } from '@/lib/shelves/shelves';
import { densities } from '@/lib/storage/density';
import { usePreference } from '@/lib/storage/preference';

interface Props {
  filters: ItemFilters;
  onFilter: (change: Partial<ItemFilters>) => void;
  /** Shown where nothing is left; told whether filters are why. */
  empty: (filtered: boolean) => ReactNode;
  /** The collection whose things these are. */
  shelf?: Shelf;
}

/** Things as gallery, grid or table, with filters above and what can be done to many below. */
export function ItemsBoard({ filters, onFilter, empty, shelf }: Props) {
  const [density, setDensity] = usePreference('collection-density', densities, 'gallery');
  const selection = useSelection();
  const { ref, width } = useRoom();
  const list = useInfiniteQuery(itemsQuery(filters));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = list;
  const ready = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  const more = useCallback(() => {
    if (ready) void fetchNextPage();
  }, [fetchNextPage, ready]);
  return (
    <div data-selecting={selection.selecting || undefined}>
      <Toolbar
        filters={filters}
        onFilter={onFilter}
        density={density}
        onDensity={setDensity}
        selection={selection}
      />
      <div ref={ref}>
        {list.isPending || width === 0 ? (
          <CollectionSkeleton density={density} />
        ) : list.isLoadingError ? (
          <Failing of={list} />
        ) : items.length === 0 ? (
          empty([filters.kind, filters.status, filters.tag].some((part) => part !== undefined))
        ) : (
          <Items
            density={density}
            items={items}
            width={width}
            selection={selection}
            sort={filters.sort}
            onSort={(sort) => onFilter({ sort })}
            onEnd={more}
            loadingMore={isFetchingNextPage}
          />
        )}
        {isFetchNextPageError && <Trouble error={list.error} retry={fetchNextPage} />}
      </div>
      <BulkBar items={items} selection={selection} trash={filters.trash} shelf={shelf} />
    </div>
  );
}
