import { FlexRender, type Row } from '@tanstack/react-table';

import classes from '../collection.module.css';
import type { Features } from './columns';
import type { Selection } from '../useSelection';

import { SelectBox } from '@/components/SelectBox';
import { useTranslation } from '@/lib/i18n';
import type { ItemRow } from '@/lib/wire/item';

const WIDE = new Set(['about', 'kind', 'added']);

interface Props {
  row: Row<Features, ItemRow>;
  selection: Selection;
}

export function TableLine({ row, selection }: Props) {
  const { t } = useTranslation();
  const { id, title } = row.original;
  const selected = selection.ids.has(id);
  return (
    <div className={classes.line} role="listitem" data-selected={selected || undefined}>
      <SelectBox
        label={t('collection.selectThis', { title: title || t('common.untitled') })}
        checked={selected}
        onChange={() => selection.toggle(id)}
      />
      {row.getAllCells().map((cell) => (
        <div key={cell.id} className={WIDE.has(cell.column.id) ? classes.wide : undefined}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}
