import { partialMatchKey, type Query, type QueryClient } from '@tanstack/react-query';

import { keysTouchedBy, type ServerEvent } from './serverEvent';

/** As long as events are gathered, in milliseconds: an act on hundreds of things tells of each. */
const PAUSE = 400;
/** A list longer than this, in pages, is asked for anew only when somebody comes back to it. */
const LONG = 5;

/** Takes events and, now and then, makes stale what they touched; null touches everything. */
export function staleBy(queryClient: QueryClient): (event: ServerEvent | null) => void {
  const touched = new Map<string, readonly unknown[]>();
  const tell = () => {
    const keys = [...touched.values()];
    touched.clear();
    const isTouched = ({ queryKey }: Query) => keys.some((key) => partialMatchKey(queryKey, key));
    void queryClient.invalidateQueries({ predicate: isTouched, refetchType: 'none' });
    void queryClient.refetchQueries({
      type: 'active',
      predicate: (query) => isTouched(query) && pagesOf(query.state.data) <= LONG,
    });
  };
  return (event) => {
    if (touched.size === 0) setTimeout(tell, PAUSE);
    for (const key of event === null ? [[]] : keysTouchedBy(event))
      touched.set(JSON.stringify(key), key);
  };
}

/** A list that grows as one goes down is fetched page after page. */
const pagesOf = (data: unknown): number =>
  (data as { pages?: unknown[] } | null)?.pages?.length ?? 1;
