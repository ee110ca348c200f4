import { Text } from '@mantine/core';

import type { ShownItem } from './getShared';
import classes from './shared.module.css';

import { formatMoney } from '@/lib/format/money';
import { useTranslation } from '@/lib/i18n';

/** One thing as strangers see it. */
export function ShownCard({ item }: { item: ShownItem }) {
  const { t } = useTranslation();
  const picture = item.pictures[0];
  const title = item.title || t('common.untitled');
  return (
    <li className={classes.item}>
      <div className={classes.mat}>
        {picture && (
          <img
            className={classes.image}
            src={picture.urls['512'] ?? picture.urls.display}
            width={picture.width ?? undefined}
            height={picture.height ?? undefined}
            alt={title}
            loading="lazy"
          />
        )}
      </div>
      <Text ff="var(--serif)" fw={500}>
        {title}
      </Text>
      {item.subtitle !== '' && (
        <Text size="sm" c="dimmed">
          {item.subtitle}
        </Text>
      )}
      {item.price && (
        <Text size="sm" className="figures">
          {formatMoney(item.price)}
        </Text>
      )}
    </li>
  );
}
