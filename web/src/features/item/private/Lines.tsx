import classes from '@/components/fields/fields.module.css';

/** Label and value; what is empty is left out. */
export function Lines({ lines }: { lines: readonly (readonly [string, string])[] }) {
  return (
    <dl className={classes.facts} style={{ margin: 0 }}>
      {lines
        .filter(([, value]) => value !== '')
        .map(([label, value]) => (
          <div key={label} className={classes.fact}>
            <dt>{label}</dt>
            <dd style={{ whiteSpace: 'pre-line' }}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
