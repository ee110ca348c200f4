import { Button, Group, Stack, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

import { Dialog } from '@/components/feedback/Dialog';
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
    <Dialog onClose={leaving.reset} title={t('common.unsaved.title')}>
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
    </Dialog>
  );
}

/** Whether a form holds changes that are neither saved nor on their way. */
export const isUnsaved = (
  form: { isDirty: () => boolean },
  saving: { isPending: boolean; isSuccess: boolean },
): boolean => form.isDirty() && !saving.isPending && !saving.isSuccess;
