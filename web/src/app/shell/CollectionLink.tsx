import { Link, useMatchRoute } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props {
  className?: string | undefined;
  children: ReactNode;
}

/** To everything here; also marked where one looks at it by its named collections. */
export function CollectionLink({ className, children }: Props) {
  const isNamed = useMatchRoute()({ to: '/collections', fuzzy: true }) !== false;
  return (
    <Link
      to="/collection"
      className={className}
      activeOptions={{ includeSearch: false }}
      {...(isNamed && { 'aria-current': 'page', 'data-status': 'active' })}
    >
      {children}
    </Link>
  );
}
