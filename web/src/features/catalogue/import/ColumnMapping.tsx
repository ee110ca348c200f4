import { Fieldset, Select, SimpleGrid, Text } from '@mantine/core';

import { useTranslation } from '@/lib/i18n';
import type { Field } from '@/lib/wire/kind';

interface Props {
  columns: readonly string[];
  fields: readonly Field[];
  mapping: Record<string, string>;
  onChange: (mapping: Record<string, string>) => void;
}

/** How the server is told that a column holds nothing of use. */
const LEFT_OUT = '-';

export function ColumnMapping({ columns, fields, mapping, onChange }: Props) {
  const { t } = useTranslation();
  const set = (column: string, field: string | null) => {
    const rest = Object.fromEntries(Object.entries(mapping).filter(([known]) => known !== column));
    onChange(field === null ? rest : { ...rest, [column]: field });
  };
  return (
    <Fieldset legend={t('catalogue.importPage.mapping')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('catalogue.importPage.mappingText')}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {columns.map((column) => (
          <Select
            key={column}
            label={t('catalogue.importPage.mappingColumn', { column })}
            placeholder={t('catalogue.importPage.byName')}
            data={[
              { value: LEFT_OUT, label: t('catalogue.importPage.leaveOut') },
              ...fields.map(({ name, label }) => ({ value: name, label })),
            ]}
            value={mapping[column] ?? null}
            onChange={(field) => set(column, field)}
            clearable
            searchable
          />
        ))}
      </SimpleGrid>
    </Fieldset>
  );
}
