import { useCallback, useMemo, useState } from 'react';

import type { ItemId } from '@/lib/brand';

export interface Selection {
  ids: ReadonlySet<ItemId>;
  /** Whether pictures answer to a tap by being selected rather than by opening. */
  selecting: boolean;
  toggle: (id: ItemId) => void;
  setAll: (ids: readonly ItemId[]) => void;
  start: () => void;
  clear: () => void;
}

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<ItemId>>(new Set());
  const [started, setStarted] = useState(false);
  const toggle = useCallback((id: ItemId) => {
    setIds((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const clear = useCallback(() => {
    setIds(new Set());
    setStarted(false);
  }, []);
  return useMemo(
    () => ({
      ids,
      selecting: started || ids.size > 0,
      toggle,
      setAll: (all) => setIds(new Set(all)),
      start: () => setStarted(true),
      clear,
    }),
    [ids, started, toggle, clear],
  );
}
