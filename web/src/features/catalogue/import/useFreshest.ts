import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import type { CatalogueOut } from '@/api';
import { cataloguesQuery } from '@/lib/catalogues';

/** The catalogue that was imported last, asked for anew once an import is over. */
export function useFreshest(over: boolean): CatalogueOut | null {
  const queryClient = useQueryClient();
  const { data, isFetching } = useQuery(cataloguesQuery);
  useEffect(() => {
    if (over) void queryClient.invalidateQueries({ queryKey: ['catalogues'] });
  }, [over, queryClient]);
  if (!over || isFetching || data === undefined) return null;
  const at = ({ last_import }: CatalogueOut) => last_import?.started_at ?? '';
  return data.reduce<CatalogueOut | null>(
    (best, each) => (best === null || at(each) > at(best) ? each : best),
    null,
  );
}
