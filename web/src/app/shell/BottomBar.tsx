import { IconCamera, IconDots, IconHome, IconLayoutGrid, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { CollectionLink } from './CollectionLink';
import { ReviewCount } from './ReviewCount';
import classes from './Shell.module.css';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** On phones everything is in reach of the thumb; the scan is the big one in the middle. */
export function BottomBar() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  return (
    <nav className={classes.bottom} aria-label={t('shell.mainNavigation')}>
      <Link to="/" className={classes.tab} activeOptions={{ exact: true }}>
        <IconHome size={24} aria-hidden />
        {t('shell.home')}
      </Link>
      <CollectionLink className={classes.tab}>
        <IconLayoutGrid size={24} aria-hidden />
        {t('shell.collection')}
      </CollectionLink>
      {arranges && (
        <Link to="/scan" className={classes.tab} data-scan>
          <IconCamera size={26} aria-hidden />
          {t('shell.scan')}
        </Link>
      )}
      <Link to="/search" className={classes.tab} activeOptions={{ includeSearch: false }}>
        <IconSearch size={24} aria-hidden />
        {t('shell.search')}
      </Link>
      <Link to="/more" className={classes.tab}>
        <IconDots size={24} aria-hidden />
        {t('shell.more')}
        {arranges && <ReviewCount />}
      </Link>
    </nav>
  );
}
