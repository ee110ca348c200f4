import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { NewShelf } from './NewShelf';
import { OrderShelves } from './OrderShelves';
import { ShelfCard } from './ShelfCard';
import { ShelfTabs } from './ShelfTabs';
import classes from './shelves.module.css';

import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { shelvesQuery } from '@/lib/shelves/shelves';

/** The named collections, side by side. */
export function ShelvesPage() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const shelves = useQuery(shelvesQuery);
  const [making, setMaking] = useState(false);
  const [sorting, setSorting] = useState(false);
  const none = shelves.data?.length === 0;
  const make = <Button onClick={() => setMaking(true)}>{t('shelves.add')}</Button>;
  return (
    <>
      <PageHead title={t('shelves.title')} text={t('shelves.text')}>
        {arranges && (shelves.data?.length ?? 0) > 1 && (
          <Button variant="default" onClick={() => setSorting(true)}>
            {t('shelves.order.act')}
          </Button>
        )}
        {arranges && !none && make}
      </PageHead>
      <ShelfTabs />
      {shelves.isPending && (
        <div className={classes.shelves} aria-busy>
          {Array.from({ length: 6 }, (_, index) => (
            <div key={index}>
              <Skeleton className={classes.wall ?? ''} />
              <Skeleton h={20} w="60%" mt={14} />
              <Skeleton h={14} w="40%" mt={8} />
            </div>
          ))}
        </div>
      )}
      <Failing of={shelves} />
      {none && (
        <Empty
          picture={<Cabinet />}
          title={t('shelves.empty.title')}
          text={t(arranges ? 'shelves.empty.text' : 'shelves.empty.textViewer')}
        >
          {arranges && (
            <Button size="lg" onClick={() => setMaking(true)}>
              {t('shelves.empty.act')}
            </Button>
          )}
        </Empty>
      )}
      {shelves.data !== undefined && !none && (
        <ul className={classes.shelves}>
          {shelves.data.map((shelf) => (
            <ShelfCard key={shelf.id} shelf={shelf} />
          ))}
        </ul>
      )}
      {sorting && <OrderShelves shelves={shelves.data ?? []} onClose={() => setSorting(false)} />}
      {making && <NewShelf onClose={() => setMaking(false)} />}
    </>
  );
}
