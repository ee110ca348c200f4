import { Title } from '@mantine/core';

import classes from './catalogue.module.css';

/** Names and values under a small title; nothing at all for none. */
export function Pairs({
  title,
  pairs,
}: {
  title: string;
  pairs: readonly (readonly [string, string])[];
}) {
  if (pairs.length === 0) return null;
  return (
    <section style={{ marginTop: 24 }}>
      <Title order={3} fz="1.1rem" mb={4}>
        {title}
      </Title>
      <dl className={classes.pairs}>
        {pairs.map(([name, value]) => (
          <div key={name} className={classes.pair}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
