import type { ReactNode } from 'react';

import classes from './rows.module.css';

interface Props {
  label?: string;
  children: ReactNode;
}

/** A plain list of rows. */
export function Rows({ label, children }: Props) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  );
}
