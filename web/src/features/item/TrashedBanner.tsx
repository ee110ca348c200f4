import { Button } from '@mantine/core';

import classes from './item.module.css';
import { useItemActs } from './useItemActs';

import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

export function TrashedBanner({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { restore } = useItemActs(item);
  return (
    <div className={classes.trashed} role="status">
      {t('item.inTrash')}
      <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
        {t('item.restore')}
      </Button>
    </div>
  );
}
