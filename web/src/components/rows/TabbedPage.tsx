import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Link, type LinkProps, Outlet, useRouterState } from '@tanstack/react-router';

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
  return (
    <>
      <PageHead title={title} />
      <div className={classes.page}>
        <nav className={classes.tabs} aria-label={title}>
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
        <Chooser title={title} tabs={tabs} />
        <div className={classes.content}>
          <Outlet />
        </div>
      </div>
    </>
  );
}

/** The same on a phone: the name of the page that is open, and all of them below it when tapped. */
function Chooser({ title, tabs }: Props) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const bare = path.replace(/(.)\/$/, '$1');
  const open =
    tabs.find(({ to }) => to === bare) ??
    tabs.find(({ to, hasPages }) => hasPages === true && bare.startsWith(`${to ?? ''}/`));
  return (
    <nav className={classes.chooser} aria-label={title}>
      <Menu width="target" position="bottom-start">
        <Menu.Target>
          <Button
            fullWidth
            variant="default"
            justify="space-between"
            rightSection={<IconChevronDown size={20} aria-hidden />}
          >
            {open?.label ?? title}
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={classes.choices ?? ''}>
          {tabs.map(({ to, label }) => (
            <Menu.Item
              key={label}
              aria-current={label === open?.label ? 'page' : undefined}
              renderRoot={(props) => <Link to={to} activeOptions={{ exact: true }} {...props} />}
            >
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
