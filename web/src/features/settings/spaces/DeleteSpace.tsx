import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';

import { deleteSpace } from '../api/spaces';

import { Dialog } from '@/components/feedback/Dialog';
import { toastProblem } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import { enterSpace, type Space } from '@/lib/session/spaces';

/** Asks for the name, since many people lose the space at once. */
export function DeleteSpace({ space, onClose }: { space: Space; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [typed, setTyped] = useState('');
  const remove = useAct(deleteSpace, {
    said: t('settings.thisSpace.deleted'),
    renews: [],
    onDone: () => {
      void enterSpace({ ...space, id: me.id }, me).catch(toastProblem);
    },
  });
  return (
    <Dialog onClose={onClose} title={t('settings.thisSpace.delete')}>
      <Stack>
        <Text>{t('settings.thisSpace.deleteText')}</Text>
        <TextInput
          label={t('settings.thisSpace.typedLabel')}
          description={t('settings.thisSpace.typed', { name: space.name })}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            color="danger"
            disabled={typed.trim() !== space.name?.trim()}
            loading={remove.isPending}
            onClick={() => remove.mutate(space.id)}
          >
            {t('settings.thisSpace.delete')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
