import { Link } from '@tanstack/react-router';

import classes from './shelves.module.css';

import { useTranslation } from '@/lib/i18n';

/** Everything at once, or by the collections that were put together. */
export function ShelfTabs() {
  const { t } = useTranslation();
  return (
    <nav className={classes.tabs} aria-label={t('shelves.views')}>
      <Link to="/collection" className={classes.tab} activeOptions={{ includeSearch: false }}>
        {t('shelves.everything')}
      </Link>
      <Link to="/collections" className={classes.tab} activeOptions={{ exact: true }}>
        {t('shelves.title')}
      </Link>
    </nav>
  );
}
