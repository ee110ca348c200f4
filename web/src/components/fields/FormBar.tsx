import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './fields.module.css';

import { explain } from '@/lib/http/explain';

/** The foot of a long form: its acts, and why the last try was refused, always in view. */
export function FormBar({ error, children }: { error: unknown; children: ReactNode }) {
  return (
    <div className={classes.bar}>
      {error !== null && error !== undefined && (
        <Text c="danger" role="alert" className={classes.refusal}>
          {explain(error).text}
        </Text>
      )}
      {children}
    </div>
  );
}
