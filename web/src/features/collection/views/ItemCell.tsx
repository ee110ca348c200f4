import { Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import classes from '../collection.module.css';

import { Picture } from '@/components/picture/Picture';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useLastDay } from '@/lib/items/trash';
import { useKindLabel } from '@/lib/kinds/kinds';
import { useStatusLabel } from '@/lib/kinds/statuses';
import type { ItemRow } from '@/lib/wire/item';

interface Props {
  item: ItemRow;
  part: 'picture' | 'title' | 'about' | 'kind' | 'status' | 'added';
}

/** One cell of the table; what it says depends on the column. */
export function ItemCell({ item, part }: Props) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const status = useStatusLabel();
  switch (part) {
    case 'picture':
      return <Picture picture={item.cover} of={item} sizes="48px" className={classes.thumb} />;
    case 'title':
      return (
        <Link to="/items/$itemId" params={{ itemId: item.id }} className={classes.title}>
          {item.room_id !== null && (
            <IconLock
              className={classes.lock}
              size={15}
              role="img"
              aria-label={t('shelves.privateMark')}
            />
          )}
          {item.title || t('common.untitled')}
        </Link>
      );
    case 'about':
      return <About item={item} />;
    case 'kind':
      return kind(item.kind);
    case 'status':
      return status(item.status);
    case 'added':
      return (
        <Text span size="sm" c="dimmed" className="figures">
          {formatShortDay(item.created_at)}
        </Text>
      );
  }
}

/** What it is more exactly; in the trash until when. */
function About({ item }: { item: ItemRow }) {
  const { t } = useTranslation();
  const last = useLastDay(item.deleted_at);
  return (
    <span className={classes.about}>
      {last === null ? item.subtitle : t('collection.keptUntil', { day: formatShortDay(last) })}
    </span>
  );
}
