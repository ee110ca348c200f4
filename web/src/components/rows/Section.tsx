import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './rows.module.css';

interface Props {
  title: string;
  text?: string;
  children: ReactNode;
}

export function Section({ title, text, children }: Props) {
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.4rem">
        {title}
      </Title>
      {text !== undefined && (
        <Text c="dimmed" mb="md">
          {text}
        </Text>
      )}
      {children}
    </section>
  );
}
