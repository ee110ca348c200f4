import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './rows.module.css';

interface Props {
  title: ReactNode;
  /** What is known of it, in one line. */
  text?: ReactNode;
  children?: ReactNode;
}

/** One thing in a list, with its acts to the right. */
export function Row({ title, text, children }: Props) {
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <Text component="div">{title}</Text>
        {text !== undefined && (
          <Text component="div" size="sm" c="dimmed">
            {text}
          </Text>
        )}
      </div>
      {children}
    </li>
  );
}
