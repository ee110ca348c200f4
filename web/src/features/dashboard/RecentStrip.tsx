import { Skeleton, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import classes from './dashboard.module.css';

import { Picture } from '@/components/picture/Picture';
import { useTranslation } from '@/lib/i18n';
import type { ItemRow } from '@/lib/wire/item';

export function RecentStrip({ items }: { items: ItemRow[] | undefined }) {
  const { t } = useTranslation();
  if (items === undefined) {
    return (
      <div className={classes.strip} aria-busy>
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className={classes.picture ?? ''} />
        ))}
      </div>
    );
  }
  return (
    <div className={classes.strip}>
      {items.map((item) => (
        <Link
          key={item.id}
          to="/items/$itemId"
          params={{ itemId: item.id }}
          className={classes.thing}
        >
          <Picture picture={item.cover} of={item} sizes="196px" className={classes.picture} />
          <Text className="serif" lineClamp={2}>
            {item.title || t('common.untitled')}
          </Text>
          <Text size="sm" c="dimmed" lineClamp={1}>
            {item.subtitle}
          </Text>
        </Link>
      ))}
    </div>
  );
}
