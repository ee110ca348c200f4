import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTable } from '@tanstack/react-table';
import { useMemo } from 'react';

import classes from '../collection.module.css';
import { columns, features } from './columns';
import { TableLine } from './TableLine';
import type { ViewProps } from './viewProps';
import { VirtualRows } from './VirtualRows';

import { SelectBox } from '@/components/SelectBox';
import { useTranslation } from '@/lib/i18n';

const LINE = 64;

/** What sorts, and by which order of the server; the first is where a click starts. */
const SORTS: Record<string, readonly [string, string]> = {
  title: ['title', '-title'],
  added: ['-created_at', 'created_at'],
};

export function TableView({ items, selection, sort, onSort, onEnd }: ViewProps) {
  const { t } = useTranslation();
  const table = useTable({ features, columns, data: items });
  const rows = table.getRowModel().rows;
  const sizes = useMemo(() => items.map(() => LINE), [items]);
  const all = items.length > 0 && items.every(({ id }) => selection.ids.has(id));
  const next = (column: string) => {
    const [first, other] = SORTS[column] ?? ['', ''];
    onSort(sort === first ? other : first);
  };

  return (
    <div className={classes.table}>
      <div className={classes.head}>
        <SelectBox
          label={t('collection.selectAllShown')}
          checked={all}
          indeterminate={!all && selection.ids.size > 0}
          onChange={() => (all ? selection.clear() : selection.setAll(items.map(({ id }) => id)))}
        />
        {table.getHeaderGroups()[0]?.headers.map((header) => {
          const name = header.column.id as
            'picture' | 'title' | 'about' | 'kind' | 'status' | 'added';
          const sorts = SORTS[name];
          const wide = ['about', 'kind', 'added'].includes(name) ? classes.wide : undefined;
          if (sorts === undefined) {
            return (
              <span key={name} className={wide}>
                {name === 'picture' ? '' : t(`collection.columns.${name}`)}
              </span>
            );
          }
          const up = sort === 'title' || sort === 'created_at';
          return (
            <span key={name} className={wide}>
              <button type="button" onClick={() => next(name)}>
                {t(`collection.columns.${name}`)}
                {sorts.includes(sort) &&
                  (up ? <IconArrowUp size={14} /> : <IconArrowDown size={14} />)}
              </button>
            </span>
          );
        })}
      </div>
      <VirtualRows
        sizes={sizes}
        onEnd={onEnd}
        label={t('collection.title')}
        render={(index) => {
          const row = rows[index];
          return row && <TableLine row={row} selection={selection} />;
        }}
      />
    </div>
  );
}
