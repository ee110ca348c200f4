import { Select } from '@mantine/core';

import type { SearchAsk, SearchMode } from './api/search';
import classes from './search.module.css';

import { KindAndStatus } from '@/components/filters/KindAndStatus';
import { useTranslation } from '@/lib/i18n';

interface Props {
  ask: SearchAsk;
  onChange: (part: Partial<SearchAsk>) => void;
}

const MODES: readonly SearchMode[] = ['hybrid', 'bm25', 'vector'];

export function SearchFilters({ ask, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.filters}>
      <Select
        w={225}
        aria-label={t('search.mode')}
        data={MODES.map((value) => ({ value, label: t(`search.modes.${value}`) }))}
        value={ask.mode}
        onChange={(mode) => mode !== null && onChange({ mode })}
        allowDeselect={false}
      />
      <KindAndStatus value={ask} onChange={onChange} />
    </div>
  );
}
