import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';

import { type Details, saveDetails, type VersionedDetails } from '../api/privateDetails';

import { useAct } from '@/components/feedback/useAct';
import { isUnsaved, KeepEdits } from '@/components/fields/KeepEdits';
import { useBase } from '@/components/fields/useBase';
import type { ItemId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';

interface Props {
  id: ItemId;
  versioned: VersionedDetails;
  onDone: () => void;
}

export function DetailsForm({ id, versioned, onDone }: Props) {
  const { t } = useTranslation();
  const etag = useBase(versioned.details, versioned.etag);
  const save = useAct((details: Details) => saveDetails({ id, details, etag }), {
    said: t('private.saved'),
    renews: [['private', id]],
    onDone,
  });
  const form = useForm({ initialValues: versioned.details });
  return (
    <form onSubmit={form.onSubmit((details) => save.mutate(details))}>
      <Stack maw={480}>
        <TextInput
          label={t('private.insurance_policy')}
          autoFocus
          autoComplete="off"
          maxLength={200}
          {...form.getInputProps('insurance_policy')}
        />
        <TextInput
          label={t('private.storage_place')}
          autoComplete="off"
          maxLength={500}
          {...form.getInputProps('storage_place')}
        />
        <Textarea
          label={t('private.note')}
          autosize
          minRows={3}
          maxLength={10_000}
          {...form.getInputProps('note')}
        />
        <KeepEdits unsaved={isUnsaved(form, save)} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('common.save')}
          </Button>
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
