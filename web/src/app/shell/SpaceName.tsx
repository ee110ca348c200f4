import { useQuery } from '@tanstack/react-query';

import classes from './Shell.module.css';

import { useMe } from '@/lib/session/session';
import { spacesQuery } from '@/lib/session/spaces';

/** Says in the header where one is, unless at home. */
export function SpaceName() {
  const me = useMe();
  const spaces = useQuery(spacesQuery).data;
  const here = spaces?.find(({ id }) => id === me.space_id);
  if (me.space_id === me.id || here === undefined) return null;
  return <span className={classes.space}>{here.name}</span>;
}
