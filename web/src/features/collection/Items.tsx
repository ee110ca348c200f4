import { Loader } from '@mantine/core';

import classes from './collection.module.css';
import type { Density } from '@/lib/storage/density';
import { GalleryView } from './views/GalleryView';
import { GridView } from './views/GridView';
import { TableView } from './views/TableView';
import type { ViewProps } from './views/viewProps';

import { useTranslation } from '@/lib/i18n';

const VIEWS = { gallery: GalleryView, grid: GridView, table: TableView };

export function Items({
  density,
  loadingMore,
  ...view
}: ViewProps & { density: Density; loadingMore: boolean }) {
  const { t } = useTranslation();
  const View = VIEWS[density];
  return (
    <>
      {/* A change of density lays everything out anew. */}
      <View key={density} {...view} />
      <div className={classes.end} role="status">
        {loadingMore && <Loader aria-label={t('collection.loadingMore')} />}
      </div>
    </>
  );
}
