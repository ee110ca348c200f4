import { Button, Kbd } from '@mantine/core';
import { IconCamera, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { AccountMenu } from './AccountMenu';
import { CollectionLink } from './CollectionLink';
import { ReviewCount } from './ReviewCount';
import classes from './Shell.module.css';
import { SpaceName } from './SpaceName';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

export function TopBar() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  return (
    <header className={classes.bar}>
      <div className={classes.inner}>
        <Link to="/" className={classes.mark}>
          {t('common.product')}
        </Link>
        <SpaceName />
        <nav className={classes.links} aria-label={t('shell.mainNavigation')}>
          <Link to="/" className={classes.link} activeOptions={{ exact: true }}>
            {t('shell.home')}
          </Link>
          <CollectionLink className={classes.link}>{t('shell.collection')}</CollectionLink>
          {arranges && (
            <Link to="/review" className={classes.link}>
              {t('shell.review')}
              <ReviewCount />
            </Link>
          )}
          <Link to="/catalogue" className={classes.link}>
            {t('shell.catalogue')}
          </Link>
        </nav>
        <Link to="/search" className={classes.search}>
          <IconSearch size={18} aria-hidden />
          {t('shell.searchPrompt')}
          <Kbd aria-hidden>/</Kbd>
        </Link>
        {arranges && (
          <Button
            visibleFrom="md"
            leftSection={<IconCamera size={20} aria-hidden />}
            renderRoot={(props) => <Link to="/scan" {...props} />}
          >
            {t('shell.scan')}
          </Button>
        )}
        <AccountMenu />
      </div>
    </header>
  );
}
