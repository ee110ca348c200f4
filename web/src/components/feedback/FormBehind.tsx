import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface Props extends Omit<ButtonProps, 'children'> {
  act: string;
  /** The form, given what puts it away. */
  children: (close: () => void) => ReactNode;
}

/** A button that a form takes the place of; put away, the button is focused again. */
export function FormBehind({ act, children, ...look }: Props) {
  const [isOpen, setOpen] = useState<boolean | null>(null);
  if (isOpen === true) return children(() => setOpen(false));
  return (
    <Button variant="default" {...look} autoFocus={isOpen === false} onClick={() => setOpen(true)}>
      {act}
    </Button>
  );
}
