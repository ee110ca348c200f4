import { Text } from '@mantine/core';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

/** What its owner wrote about it, and how many there are when it is more than one. */
export function Notes({ item }: { item: Item }) {
  const { t } = useTranslation();
  return (
    <>
      {item.quantity > 1 && (
        <Text mb="sm" className="figures">
          {t('item.quantity')}: {item.quantity}
        </Text>
      )}
      {item.notes !== '' && <Text className={classes.notes}>{item.notes}</Text>}
    </>
  );
}
