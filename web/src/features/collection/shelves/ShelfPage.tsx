import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import type { ItemFilters } from '../api/listItems';
import { NothingFits } from '../CollectionEmpty';
import { CollectionSkeleton } from '../CollectionSkeleton';
import { ItemsBoard } from '../ItemsBoard';
import { ShelfActs } from './ShelfActs';
import classes from './shelves.module.css';

import { PageHead } from '@/components/layout/PageHead';
import { WhoSees } from '@/components/shelves/WhoSees';
import { Empty, EmptyPage } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { isNotFound } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { type ShelfId, shelfQuery } from '@/lib/shelves/shelves';

const route = getRouteApi('/inside/collections/$shelfId');

/** One named collection: what it holds, who sees it, and what can be done with it. */
export function ShelfPage() {
  const { t } = useTranslation();
  const id = route.useParams().shelfId as ShelfId;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const found = useQuery(shelfQuery(id));
  if (found.isPending)
    return (
      <div aria-busy>
        <Skeleton h={44} w={280} mb="lg" />
        <CollectionSkeleton density="grid" />
      </div>
    );
  if (isNotFound(found.error)) return <MissingShelf />;
  if (found.isLoadingError) return <Failing of={found} />;
  const shelf = found.data;
  const filters: ItemFilters = {
    ...search,
    collection: id,
    sort: search.sort ?? '-created_at',
    trash: false,
  };
  return (
    <>
      <Link to="/collections" className={classes.back}>
        {t('shelves.title')}
      </Link>
      <PageHead
        title={shelf.name}
        text={
          <span className={classes.about}>
            <span className="figures">{t('shelves.count', { count: shelf.item_count })}</span>
            <WhoSees visibility={shelf.visibility} />
          </span>
        }
      >
        <ShelfActs shelf={shelf} />
      </PageHead>
      {shelf.description !== '' && <p className={classes.head}>{shelf.description}</p>}
      <ItemsBoard
        key={id}
        filters={filters}
        shelf={shelf}
        onFilter={(change) =>
          void navigate({
            search: (now) => ({ ...now, ...change, trash: undefined }),
            replace: true,
          })
        }
        empty={(filtered) =>
          filtered ? <NothingFits onAll={() => void navigate({ search: {} })} /> : <NothingIn />
        }
      />
    </>
  );
}

function NothingIn() {
  const { t } = useTranslation();
  return (
    <Empty title={t('shelves.nothing.title')} text={t('shelves.nothing.text')}>
      <Button renderRoot={(props) => <Link to="/collection" search={{}} {...props} />}>
        {t('shelves.nothing.act')}
      </Button>
    </Empty>
  );
}

function MissingShelf() {
  const { t } = useTranslation();
  return (
    <EmptyPage title={t('shelves.missing.title')} text={t('shelves.missing.text')}>
      <Button renderRoot={(props) => <Link to="/collections" {...props} />}>
        {t('shelves.missing.act')}
      </Button>
    </EmptyPage>
  );
}
