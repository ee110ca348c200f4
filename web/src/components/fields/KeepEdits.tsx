import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

import { useTranslation } from '@/lib/i18n';

/** Where a session that ended leads: nothing could be saved any more. */
const DOORS = ['/login', '/second-factor'];

/** Asks before a page is left whose form holds what was not saved. */
export function KeepEdits({ unsaved }: { unsaved: boolean }) {
  const { t } = useTranslation();
  const leaving = useBlocker({
    disabled: !unsaved,
    enableBeforeUnload: unsaved,
    shouldBlockFn: ({ next }) => !DOORS.includes(next.pathname),
    withResolver: true,
  });
  if (leaving.status !== 'blocked') return null;
  return (
    <Modal
      opened
      onClose={leaving.reset}
      title={t('common.unsaved.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text>{t('common.unsaved.text')}</Text>
        <Group justify="flex-end">
          <Button variant="subtle" color="danger" onClick={leaving.proceed}>
            {t('common.unsaved.leave')}
          </Button>
          <Button data-autofocus onClick={leaving.reset}>
            {t('common.unsaved.stay')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Whether a form holds changes that are neither saved nor on their way. */
export const isUnsaved = (
  form: { isDirty: () => boolean },
  saving: { isPending: boolean; isSuccess: boolean },
): boolean => form.isDirty() && !saving.isPending && !saving.isSuccess;
