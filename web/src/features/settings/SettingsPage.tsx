import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import classes from './settings.module.css';
import { tabs } from './tabs';

import { PageHead } from '@/components/layout/PageHead';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

/** What all pages of the settings stand in. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => {
    // On a phone the tabs are a row that is longer than the screen.
    const here = nav.current?.querySelector('[aria-current]');
    here?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [path]);
  return (
    <>
      <PageHead title={t('settings.title')} />
      <div className={classes.page}>
        <nav ref={nav} className={classes.tabs} aria-label={t('settings.title')}>
          {tabs
            .filter((tab) => admin || !tab.admin)
            .map(({ name, to }) => (
              <Link
                key={name}
                to={to}
                className={classes.tab}
                activeOptions={{ exact: true }}
                activeProps={{ 'aria-current': 'page' }}
              >
                {t(`settings.tabs.${name}`)}
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
