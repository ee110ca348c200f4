import { Link, type LinkProps, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import classes from './rows.module.css';

import { PageHead } from '@/components/layout/PageHead';

export interface Tab {
  to: LinkProps['to'];
  label: string;
  /** Pages below it count as it. */
  hasPages?: boolean;
}

interface Props {
  title: string;
  tabs: readonly Tab[];
}

/** A title, the names of its pages, and the one that is open. */
export function TabbedPage({ title, tabs }: Props) {
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    // On a phone the tabs are a row that is longer than the screen.
    const here = nav.current?.querySelector('[aria-current]');
    here?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return (
    <>
      <PageHead title={title} />
      <div className={classes.page}>
        <nav ref={nav} className={classes.tabs} aria-label={title}>
          {tabs.map(({ to, label, hasPages }) => (
            <Link
              key={label}
              to={to}
              className={classes.tab}
              activeOptions={{ exact: hasPages !== true, includeSearch: false }}
              activeProps={{ 'aria-current': 'page' }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className={classes.content}>
          <Outlet />
        </div>
      </div>
    </>
  );
}
