import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { setsQuery } from './api/listSets';

import { useTranslation } from '@/lib/i18n';

interface Props {
  slug: string;
  value: string | undefined;
  onChange: (code: string | undefined) => void;
}

/** One set of a catalogue; not there at all where a catalogue has none. */
export function SetSelect({ slug, value, onChange }: Props) {
  const { t } = useTranslation();
  const sets = useQuery(setsQuery(slug)).data ?? [];
  if (sets.length === 0) return null;
  return (
    <Select
      w={280}
      aria-label={t('catalogue.set')}
      placeholder={t('catalogue.anySet')}
      data={sets.map(({ code, name, released }) => ({
        value: code,
        label: released === null ? name : `${name} (${released.slice(0, 4)})`,
      }))}
      value={value ?? null}
      onChange={(code) => onChange(code ?? undefined)}
      limit={100}
      searchable
      clearable
    />
  );
}
