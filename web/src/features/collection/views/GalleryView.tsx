import { useMemo } from 'react';

import { justify } from './justify';
import { Tile } from './Tile';
import type { ViewProps } from './viewProps';
import { VirtualRows } from './VirtualRows';

import { useTranslation } from '@/lib/i18n';
import type { ItemRow } from '@/lib/wire/item';

const GAP = 16;
const CAPTION = 56;
const BELOW = 20;

/** Something without a picture takes the place of an upright book. */
const ratio = ({ cover }: ItemRow): number => {
  if (!cover?.width || !cover.height) return 3 / 4;
  return Math.min(2.5, Math.max(0.4, cover.width / cover.height));
};

export function GalleryView({ items, width, selection, onEnd }: ViewProps) {
  const { t } = useTranslation();
  const height = width < 600 ? 190 : 280;
  const rows = useMemo(
    () => justify(items, ratio, { width, height, gap: GAP }),
    [items, width, height],
  );
  const sizes = useMemo(() => rows.map((row) => row.height + CAPTION + BELOW), [rows]);
  return (
    <VirtualRows
      sizes={sizes}
      onEnd={onEnd}
      label={t('collection.title')}
      render={(index) =>
        rows[index]?.cells.map(({ thing, width: cell }) => (
          <Tile
            key={thing.id}
            item={thing}
            width={cell}
            pictureHeight={rows[index]?.height ?? height}
            fill
            selection={selection}
          />
        ))
      }
    />
  );
}
