import type { CatalogueOut } from '@/api';

export type CatalogueState = 'ready' | 'importing' | 'failed' | 'empty';

/** How a catalogue stands; one that holds entries is of use whatever became of its last import. */
export function stateOf({ state, entry_count, last_import }: CatalogueOut): CatalogueState {
  if (state === 'importing') return last_import?.state === 'failed' ? 'failed' : 'importing';
  if (entry_count > 0) return 'ready';
  return last_import?.state === 'failed' ? 'failed' : 'empty';
}
