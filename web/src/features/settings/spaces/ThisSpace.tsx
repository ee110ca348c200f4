import { Button, Group, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';

import { DeleteSpace } from './DeleteSpace';
import { renameSpace } from '../api/spaces';

import { useAct } from '@/components/feedback/useAct';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import type { Space } from '@/lib/session/spaces';

/** What only owners do to a space that is shared. */
export function ThisSpace({ space }: { space: Space }) {
  const { t } = useTranslation();
  const [name, setName] = useState(space.name ?? '');
  const [deleting, setDeleting] = useState(false);
  const rename = useAct(renameSpace, {
    said: t('settings.thisSpace.renamed'),
    renews: [['spaces']],
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    rename.mutate({ id: space.id, name: name.trim(), version: space.version });
  };
  const unchanged = name.trim() === '' || name.trim() === space.name;
  return (
    <Section title={t('settings.thisSpace.title', { name: space.name })}>
      <form onSubmit={submit} noValidate>
        <Group align="flex-end" mb="md">
          <TextInput
            flex={1}
            miw={220}
            maw={420}
            label={t('settings.thisSpace.name')}
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" variant="default" disabled={unchanged} loading={rename.isPending}>
            {t('settings.thisSpace.rename')}
          </Button>
        </Group>
      </form>
      <Button variant="default" c="danger" onClick={() => setDeleting(true)}>
        {t('settings.thisSpace.delete')}
      </Button>
      {deleting && <DeleteSpace space={space} onClose={() => setDeleting(false)} />}
    </Section>
  );
}
