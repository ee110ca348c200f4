import { getRouteApi } from '@tanstack/react-router';

import type { ItemFilters } from './api/listItems';
import { CollectionActs } from './CollectionActs';
import { CollectionEmpty, NothingFits } from './CollectionEmpty';
import { ItemsBoard } from './ItemsBoard';
import { ShelfTabs } from './shelves/ShelfTabs';
import { TrashKeeps } from './TrashKeeps';
import { useShownTotal } from './useShownTotal';

import { PageHead } from '@/components/layout/PageHead';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/collection');

export function CollectionPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const trash = search.trash === true;
  const filters: ItemFilters = { ...search, sort: search.sort ?? '-created_at', trash };
  const total = useShownTotal(filters);
  return (
    <>
      <PageHead
        title={trash ? t('collection.trash') : t('collection.title')}
        text={
          total === null
            ? undefined
            : t(trash && total > 0 ? 'collection.shownTrash' : 'collection.shown', { count: total })
        }
      >
        <CollectionActs trash={trash} />
      </PageHead>
      {trash ? <TrashKeeps /> : <ShelfTabs />}
      <ItemsBoard
        key={String(trash)}
        filters={filters}
        onFilter={(change) =>
          void navigate({
            search: (now) => ({ ...now, ...change, trash: now.trash }),
            replace: true,
          })
        }
        empty={(filtered) =>
          filtered ? (
            <NothingFits onAll={() => void navigate({ search: trash ? { trash } : {} })} />
          ) : (
            <CollectionEmpty trash={trash} />
          )
        }
      />
    </>
  );
}
