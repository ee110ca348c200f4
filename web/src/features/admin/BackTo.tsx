import { IconArrowLeft } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';

import classes from './admin.module.css';

export function BackTo({ to, label }: { to: LinkProps['to']; label: string }) {
  return (
    <Link to={to} className={classes.back}>
      <IconArrowLeft size={18} aria-hidden />
      {label}
    </Link>
  );
}
