import { useInViewport } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { itemsQuery } from '../api/listItems';
import classes from './shelves.module.css';

import { Picture } from '@/components/picture/Picture';
import { WhoSees } from '@/components/shelves/WhoSees';
import { useTranslation } from '@/lib/i18n';
import type { Shelf } from '@/lib/shelves/shelves';
import { pictureOf } from '@/lib/wire/item';

/** A collection as a card on the wall: its cover, or what was added last. */
export function ShelfCard({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  return (
    <li ref={ref}>
      <Link
        to="/collections/$shelfId"
        params={{ shelfId: shelf.id }}
        search={{}}
        className={classes.shelf}
        data-private={shelf.visibility === 'private' || undefined}
      >
        <Wall shelf={shelf} near={inViewport} />
        <div className={classes.name}>{shelf.name}</div>
        <div className={classes.about}>
          <span className="figures">{t('shelves.count', { count: shelf.item_count })}</span>
          <WhoSees visibility={shelf.visibility} />
        </div>
      </Link>
    </li>
  );
}

/** Asks for the newest things only of a card that is on the screen. */
function Wall({ shelf, near }: { shelf: Shelf; near: boolean }) {
  const { name: title, cover_media_id: cover, item_count: count } = shelf;
  const newest = useInfiniteQuery({
    ...itemsQuery({ collection: shelf.id, sort: '-created_at', trash: false }),
    enabled: near && cover === null && count > 0,
  }).data?.pages[0]?.rows;
  const things = newest?.slice(0, 3) ?? [];
  return (
    <div className={classes.wall} data-single={cover !== null || things.length < 2 || undefined}>
      {cover !== null ? (
        <Picture
          picture={pictureOf(cover)}
          of={{ kind: '', title }}
          sizes="264px"
          className={classes.cover}
        />
      ) : (
        things.map((item) => (
          <Picture
            key={item.id}
            picture={item.cover}
            of={item}
            sizes="96px"
            className={classes.cover}
          />
        ))
      )}
    </div>
  );
}
