import { Button, FileInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { ColumnMapping } from './ColumnMapping';
import { guessField, headerOf } from './headerOf';
import { slugOf } from './slugOf';
import { importCatalogue, type ImportFormat } from '../api/importCatalogue';

import { useSend } from '@/components/feedback/useSend';
import { cataloguesQuery } from '@/lib/catalogues';
import type { JobId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';

const FORMATS: readonly ImportFormat[] = ['csv', 'marc', 'tcgdex', 'tate', 'tarot'];
/** Formats whose entries may be of any kind; the others know their own. */
const ANY_KIND: readonly ImportFormat[] = ['csv'];

interface Values {
  file: File | null;
  format: ImportFormat;
  name: string;
  kind: string;
  mapping: Record<string, string>;
}

interface Props {
  /** The catalogue that the file goes into; a new one when it is not said. */
  into: string | undefined;
  onStarted: (id: JobId) => void;
}

export function ImportForm({ into, onStarted }: Props) {
  const { t } = useTranslation();
  const kinds = useKinds();
  const catalogues = useQuery(cataloguesQuery).data ?? [];
  const target = catalogues.find(({ slug }) => slug === into);
  const [columns, setColumns] = useState<string[]>([]);
  const form = useForm<Values>({
    initialValues: { file: null, format: 'csv', name: '', kind: 'book', mapping: {} },
    validate: {
      file: (value) => (value === null ? t('common.required') : null),
      name: (value) => {
        if (target !== undefined) return null;
        if (slugOf(value) === '') return t('common.required');
        return catalogues.some(({ slug }) => slug === slugOf(value))
          ? t('catalogue.importPage.nameTaken')
          : null;
      },
    },
  });
  const { format, mapping } = form.values;
  const kind = target?.kind ?? form.values.kind;
  const fields = kinds.find(({ name }) => name === kind)?.fields ?? [];
  const starting = useSend(form, importCatalogue, { onDone: onStarted });

  const guess = (names: readonly string[], of: typeof fields) =>
    Object.fromEntries(
      names.flatMap((column) => {
        const field = guessField(column, of);
        return field === null ? [] : [[column, field]];
      }),
    );
  const chooseFile = async (file: File | null) => {
    form.setFieldValue('file', file);
    if (file === null) return;
    if (form.values.name === '')
      form.setFieldValue('name', file.name.replace(/\.[^.]+(\.gz)?$/, ''));
    const names = format === 'csv' ? await headerOf(file) : [];
    setColumns(names);
    form.setFieldValue('mapping', guess(names, fields));
  };
  const chooseKind = (next: string | null) => {
    if (next === null) return;
    form.setFieldValue('kind', next);
    form.setFieldValue(
      'mapping',
      guess(columns, kinds.find(({ name }) => name === next)?.fields ?? []),
    );
  };

  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ file, ...values }) => {
        if (file === null) return;
        const anyKind = ANY_KIND.includes(values.format);
        starting.send({
          ...values,
          file,
          name: target?.name ?? values.name.trim(),
          into: target?.slug ?? slugOf(values.name),
          kind: anyKind ? kind : null,
          mapping: values.format === 'csv' ? mapping : {},
        });
      })}
    >
      <Stack>
        <Select
          label={t('catalogue.importPage.format')}
          data={FORMATS.map((value) => ({
            value,
            label: t(`catalogue.importPage.formats.${value}`),
          }))}
          allowDeselect={false}
          {...form.getInputProps('format')}
        />
        <FileInput
          label={t('catalogue.importPage.file')}
          placeholder={t('catalogue.importPage.choose')}
          value={form.values.file}
          error={form.errors.file}
          onChange={(file) => void chooseFile(file)}
        />
        {target === undefined ? (
          <TextInput label={t('catalogue.importPage.name')} {...form.getInputProps('name')} />
        ) : (
          <Text>{t('catalogue.importPage.into', { name: target.name })}</Text>
        )}
        {ANY_KIND.includes(format) && target === undefined && (
          <Select
            label={t('catalogue.importPage.kind')}
            data={kinds.map(({ name, label }) => ({ value: name, label }))}
            allowDeselect={false}
            value={kind}
            onChange={chooseKind}
          />
        )}
        {format === 'csv' && columns.length > 0 && (
          <ColumnMapping
            columns={columns}
            fields={fields}
            mapping={mapping}
            onChange={(next) => form.setFieldValue('mapping', next)}
          />
        )}
        {starting.trouble !== null && (
          <Text c="danger" role="alert">
            {starting.trouble}
          </Text>
        )}
        <Button type="submit" w="fit-content" loading={starting.isPending}>
          {t('catalogue.importPage.act')}
        </Button>
      </Stack>
    </form>
  );
}
