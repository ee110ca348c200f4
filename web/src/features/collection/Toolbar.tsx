import { Button, SegmentedControl, Select, VisuallyHidden } from '@mantine/core';
import { IconLayoutGrid, IconLayoutList, IconPhoto, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import type { ItemFilters } from './api/listItems';
import classes from './collection.module.css';
import { type Density, densities } from '@/lib/storage/density';
import type { Selection } from './useSelection';

import { KindAndStatus } from '@/components/filters/KindAndStatus';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

interface Props {
  filters: ItemFilters;
  onFilter: (change: Partial<ItemFilters>) => void;
  density: Density;
  onDensity: (density: Density) => void;
  selection: Selection;
}

const ICONS: Record<Density, ReactNode> = {
  gallery: <IconPhoto size={20} aria-hidden />,
  grid: <IconLayoutGrid size={20} aria-hidden />,
  table: <IconLayoutList size={20} aria-hidden />,
};

export const sorts = ['-created_at', 'created_at', '-updated_at', 'title', '-title'] as const;

export function Toolbar({ filters, onFilter, density, onDensity, selection }: Props) {
  const { t } = useTranslation();
  const { edits } = useRights();
  const sortLabels = {
    '-created_at': t('collection.sorts.newest'),
    created_at: t('collection.sorts.oldest'),
    '-updated_at': t('collection.sorts.changed'),
    title: t('collection.sorts.title'),
    '-title': t('collection.sorts.titleDown'),
  };
  return (
    <div className={classes.toolbar}>
      <KindAndStatus value={filters} onChange={onFilter} />
      <Select
        w={180}
        aria-label={t('collection.sort')}
        data={sorts.map((value) => ({ value, label: sortLabels[value] }))}
        value={filters.sort}
        onChange={(sort) => onFilter({ sort: sort ?? sorts[0] })}
        allowDeselect={false}
      />
      {filters.tag !== undefined && (
        <Button
          variant="light"
          rightSection={<IconX size={16} aria-hidden />}
          aria-label={t('collection.clearTag', { tag: filters.tag })}
          onClick={() => onFilter({ tag: undefined })}
        >
          {filters.tag}
        </Button>
      )}
      <span data-grow />
      {edits && !selection.selecting && (
        <Button variant="subtle" onClick={selection.start}>
          {t('collection.select')}
        </Button>
      )}
      <SegmentedControl
        aria-label={t('collection.density')}
        size="lg"
        value={density}
        onChange={onDensity}
        data={densities.map((value) => ({
          value,
          label: (
            <span className={classes.icon}>
              {ICONS[value]}
              <VisuallyHidden>{t(`collection.densities.${value}`)}</VisuallyHidden>
            </span>
          ),
        }))}
      />
    </div>
  );
}
