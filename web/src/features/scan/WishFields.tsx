import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import classes from './scan.module.css';
import type { Wishes } from './useWishes';

import { cataloguesQuery } from '@/lib/catalogues';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';

interface Props {
  wishes: Wishes;
  onChange: (wishes: Wishes) => void;
}

export function WishFields({ wishes, onChange }: Props) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const catalogues = useQuery(cataloguesQuery).data ?? [];
  const fitting = catalogues.filter(({ kind }) => wishes.kind === null || kind === wishes.kind);
  return (
    <div className={classes.wishes}>
      <Select
        label={t('scan.what')}
        placeholder={t('scan.whatAny')}
        data={kinds.map(({ name, label }) => ({ value: name, label }))}
        value={wishes.kind}
        onChange={(kind) => onChange({ kind, catalogue: null })}
        clearable
      />
      {fitting.length > 0 && (
        <Select
          label={t('scan.catalogue')}
          placeholder={t('scan.catalogueAny')}
          data={fitting.map(({ slug, name }) => ({ value: slug, label: name }))}
          value={wishes.catalogue}
          onChange={(catalogue) => onChange({ ...wishes, catalogue })}
          clearable
          searchable
        />
      )}
    </div>
  );
}
