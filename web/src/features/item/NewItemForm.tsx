import { Button, Select } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';

import { createItem } from './api/createItem';
import type { RecordValues } from './record/difference';
import { OtherParts } from './record/OtherParts';
import { useRefreshItem } from './useItemActs';

import { toast } from '@/components/feedback/toast';
import { useSend } from '@/components/feedback/useSend';
import { FormBar } from '@/components/fields/FormBar';
import { FieldGroups } from '@/components/fields/FieldGroups';
import { isUnsaved, KeepEdits } from '@/components/fields/KeepEdits';
import type { EntryId, ItemId } from '@/lib/brand';
import { useOnce } from '@/lib/http/useOnce';
import { useTranslation } from '@/lib/i18n';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';
import { useOwnFields } from '@/lib/ownFields/ownFields';
import type { ShelfId } from '@/lib/shelves/shelves';
import type { FieldValue } from '@/lib/wire/item';
import { useGuestShelves } from '@/lib/shelves/useGuestShelves';
import type { Kind } from '@/lib/wire/kind';

type Values = Omit<RecordValues, 'title'> & { status: string; collections: ShelfId[] };

interface Props {
  kind: Kind;
  /** The catalogue entry that it is one of, with the facts to start from. */
  entry: { id: EntryId; fields: Record<string, FieldValue> } | null;
}

export function NewItemForm({ kind, entry }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const statusLabel = useStatusLabel();
  const own = useOwnFields(kind.name);
  const shelves = useGuestShelves();
  const refresh = useRefreshItem('new' as ItemId);
  const form = useForm<Values>({
    initialValues: {
      status: 'on_hand',
      tags: [],
      notes: '',
      quantity: 1,
      fields: { ...entry?.fields },
      own_fields: {},
      collections: [],
    },
  });
  const creating = useSend(form, useOnce(createItem), {
    onDone: async (id) => {
      await refresh();
      toast(t('item.new.added'));
      await navigate({ to: '/items/$itemId', params: { itemId: id } });
    },
  });
  const submit = form.onSubmit((values) =>
    creating.send({
      ...values,
      kind: kind.name,
      ...(entry === null ? {} : { catalogue_entry_id: entry.id }),
    }),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Select
        mb="xl"
        maw={280}
        label={t('common.status')}
        data={statuses.map((value) => ({ value, label: statusLabel(value) }))}
        allowDeselect={false}
        {...form.getInputProps('status')}
      />
      {shelves.length > 1 && (
        <Select
          mb="xl"
          maw={280}
          label={t('shell.collection')}
          data={shelves.map(({ id, name }) => ({ value: id, label: name }))}
          value={form.values.collections[0] ?? null}
          error={form.errors.collections}
          onChange={(id) => form.setFieldValue('collections', id === null ? [] : [id])}
        />
      )}
      <FieldGroups
        fields={kind.fields}
        values={form.values.fields}
        errors={form.errors}
        prefix="fields"
        onChange={(name, value) => form.setFieldValue(`fields.${name}`, value)}
      />
      <FieldGroups
        fields={own}
        values={form.values.own_fields}
        errors={form.errors}
        prefix="own_fields"
        onChange={(name, value) => form.setFieldValue(`own_fields.${name}`, value)}
      />
      <OtherParts form={form} kind={kind} />
      <KeepEdits unsaved={isUnsaved(form, creating)} />
      <FormBar error={creating.error}>
        <Button type="submit" loading={creating.isPending}>
          {t('item.new.act')}
        </Button>
      </FormBar>
    </form>
  );
}
