import { Select } from '@mantine/core';

import type { SearchAsk, SearchMode } from './api/search';
import classes from './search.module.css';

import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';

interface Props {
  ask: SearchAsk;
  onChange: (part: Partial<SearchAsk>) => void;
}

const MODES: readonly SearchMode[] = ['hybrid', 'bm25', 'vector'];

export function SearchFilters({ ask, onChange }: Props) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const statusLabel = useStatusLabel();
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
      <Select
        w={170}
        aria-label={t('common.kind')}
        placeholder={t('collection.anyKind')}
        data={kinds.map(({ name, label }) => ({ value: name, label }))}
        value={ask.kind ?? null}
        onChange={(kind) => onChange({ kind: kind ?? undefined })}
        clearable
      />
      <Select
        w={170}
        aria-label={t('common.status')}
        placeholder={t('collection.anyStatus')}
        data={statuses.map((value) => ({ value, label: statusLabel(value) }))}
        value={ask.status ?? null}
        onChange={(status) => onChange({ status: status ?? undefined })}
        clearable
      />
    </div>
  );
}
