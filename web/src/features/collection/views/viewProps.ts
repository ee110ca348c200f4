import type { Selection } from '../useSelection';

import type { ItemRow } from '@/lib/wire/item';

export interface ViewProps {
  items: ItemRow[];
  /** Room for the view in CSS pixels. */
  width: number;
  selection: Selection;
  sort: string;
  onSort: (sort: string) => void;
  onEnd: () => void;
}
