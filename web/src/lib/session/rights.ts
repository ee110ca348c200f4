import { useQuery } from '@tanstack/react-query';

import { useMe } from './session';
import { spacesQuery } from './spaces';

export interface Rights {
  /** May change things here. */
  edits: boolean;
  /** May arrange what concerns the whole space: guests of single collections may not. */
  arranges: boolean;
  /** May see what things cost. */
  seesMoney: boolean;
}

/** What the person may do in the space that they are in; what they may not do is not shown. */
export function useRights(): Rights {
  const me = useMe();
  const here = useQuery(spacesQuery).data?.find(({ id }) => id === me.space_id);
  const edits = me.space_role !== 'viewer';
  const guest = here !== undefined && here.collections.length > 0;
  return { edits, arranges: edits && !guest, seesMoney: here?.sees_money ?? false };
}
