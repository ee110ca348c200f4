import { IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import classes from '../collection.module.css';
import type { Selection } from '../useSelection';

import { Picture } from '@/components/picture/Picture';
import { SelectBox } from '@/components/SelectBox';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useLastDay } from '@/lib/items/trash';
import type { ItemRow } from '@/lib/wire/item';

interface Props {
  item: ItemRow;
  width: number;
  pictureHeight: number;
  /** The box has the picture's own proportions, so it needs no mat around it. */
  fill: boolean;
  selection: Selection;
}

export function Tile({ item, width, pictureHeight, fill, selection }: Props) {
  const { t } = useTranslation();
  const last = useLastDay(item.deleted_at);
  const selected = selection.ids.has(item.id);
  const title = item.title || t('common.untitled');
  return (
    <div
      className={classes.tile}
      style={{ width }}
      role="listitem"
      data-selected={selected || undefined}
    >
      <Link
        to="/items/$itemId"
        params={{ itemId: item.id }}
        onClick={(event) => {
          if (!selection.selecting) return;
          event.preventDefault();
          selection.toggle(item.id);
        }}
      >
        <Picture
          picture={item.cover}
          of={item}
          sizes={`${Math.ceil(width)}px`}
          fill={fill && item.cover !== null}
          className={classes.picture}
          style={{ height: pictureHeight, padding: fill ? 0 : 12 }}
        />
        <div className={classes.caption}>
          <div className={classes.title}>
            {item.room_id !== null && (
              <IconLock
                className={classes.lock}
                size={15}
                role="img"
                aria-label={t('shelves.privateMark')}
              />
            )}
            {title}
          </div>
          <div className={classes.about}>
            {last === null
              ? item.subtitle
              : t('collection.keptUntil', { day: formatShortDay(last) })}
          </div>
        </div>
      </Link>
      <div className={classes.check}>
        <SelectBox
          label={t('collection.selectThis', { title })}
          checked={selected}
          onChange={() => selection.toggle(item.id)}
        />
      </div>
    </div>
  );
}
