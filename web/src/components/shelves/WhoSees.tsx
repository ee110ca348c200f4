import { visibilityIcons } from './icons';
import classes from './shelves.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Visibility } from '@/lib/shelves/shelves';

/** Who sees a collection, as a mark and a word; a private room stands out. */
export function WhoSees({ visibility }: { visibility: Visibility }) {
  const { t } = useTranslation();
  const Icon = visibilityIcons[visibility];
  return (
    <span className={classes.who} data-visibility={visibility}>
      <Icon size={16} stroke={1.8} aria-hidden />
      {t(`shelves.visibility.${visibility}`)}
    </span>
  );
}
