import { useMemo } from 'react';

import { Tile } from './Tile';
import type { ViewProps } from './viewProps';
import { VirtualRows } from './VirtualRows';

import { useTranslation } from '@/lib/i18n';

const GAP = 16;
const CAPTION = 56;
const BELOW = 12;

export function GridView({ items, width, selection, onEnd }: ViewProps) {
  const { t } = useTranslation();
  const columns = Math.max(width < 600 ? 3 : 2, Math.floor((width + GAP) / (168 + GAP)));
  const cell = (width - GAP * (columns - 1)) / columns;
  const height = Math.round(cell * 1.2);
  const rows = Math.ceil(items.length / columns);
  const sizes = useMemo(
    () => Array.from({ length: rows }, () => height + CAPTION + BELOW),
    [rows, height],
  );
  return (
    <VirtualRows
      sizes={sizes}
      onEnd={onEnd}
      label={t('collection.title')}
      render={(index) =>
        items
          .slice(index * columns, (index + 1) * columns)
          .map((item) => (
            <Tile
              key={item.id}
              item={item}
              width={cell}
              pictureHeight={height}
              fill={false}
              selection={selection}
            />
          ))
      }
    />
  );
}
