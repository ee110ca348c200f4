import { Checkbox } from '@mantine/core';

import classes from './SelectBox.module.css';

interface Props {
  label: string;
  checked: boolean;
  indeterminate?: boolean;
  onChange: () => void;
}

/** A checkbox with the whole 44 pixels around it to hit. */
export function SelectBox({ label, ...box }: Props) {
  return (
    // The library's checkbox renders the input that this label belongs to.
    // eslint-disable-next-line jsx-a11y/label-has-associated-control
    <label className={classes.target}>
      <Checkbox {...box} aria-label={label} />
    </label>
  );
}
