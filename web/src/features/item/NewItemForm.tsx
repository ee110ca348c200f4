import { Button, Select, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { createItem } from './api/createItem';
import classes from './item.module.css';
import type { RecordValues } from './record/difference';
import { OtherParts } from './record/OtherParts';
import { useRefreshItem } from './useItemActs';

import { toast } from '@/components/feedback/toast';
import { FieldGroups } from '@/components/fields/FieldGroups';
import type { ItemId } from '@/lib/brand';
import { focusFirstError } from '@/lib/focusFirstError';
import { explain } from '@/lib/http/explain';
import { ApiProblem, formErrors } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';
import { useOwnFields } from '@/lib/ownFields/ownFields';
import type { Kind } from '@/lib/wire/kind';

export function NewItemForm({ kind, entry }: { kind: Kind; entry: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const statusLabel = useStatusLabel();
  const own = useOwnFields(kind.name);
  const [key] = useState(() => crypto.randomUUID());
  const refresh = useRefreshItem('new' as ItemId);
  const form = useForm<Omit<RecordValues, 'title'> & { status: string }>({
    initialValues: {
      status: 'on_hand',
      tags: [],
      notes: '',
      quantity: 1,
      fields: {},
      own_fields: {},
    },
  });
  const creating = useMutation({
    mutationFn: createItem,
    onSuccess: async (id) => {
      await refresh();
      toast(t('item.new.added'));
      await navigate({ to: '/items/$itemId', params: { itemId: id } });
    },
    onError: (error) => {
      if (error instanceof ApiProblem) form.setErrors(formErrors(error));
      focusFirstError();
    },
  });
  const submit = form.onSubmit((values) =>
    creating.mutate({
      ...values,
      key,
      kind: kind.name,
      ...(entry === undefined ? {} : { catalogue_entry_id: entry }),
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
      <OtherParts form={form} />
      {creating.error && (
        <Text c="danger" role="alert">
          {explain(creating.error).text}
        </Text>
      )}
      <div className={classes.formBar}>
        <Button type="submit" loading={creating.isPending}>
          {t('item.new.act')}
        </Button>
      </div>
    </form>
  );
}
