import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

import { explain } from '@/lib/http/explain';

import { t } from '@/lib/i18n';
import { newId } from '@/lib/newId';

/** Takes back what was done last, while its toast is shown. */
let latest: (() => void) | null = null;

/** Acts that the server has not answered yet, and whether their undoing was asked for meanwhile. */
let underway = 0;
let hasty = false;

/** Undo of the act in the newest toast; of one that is still being done, as soon as it is. */
export function undoLatest(): void {
  if (underway > 0) hasty = true;
  else latest?.();
}

/** Says that an act with an undo has begun; call what it gives with how it ended. */
export function beginAct(): (succeeded: boolean) => void {
  underway += 1;
  return (succeeded) => {
    underway -= 1;
    if (underway > 0 || !hasty) return;
    hasty = false;
    if (succeeded) latest?.();
  };
}

/** A short word that something was done, with the way back where there is one. */
export function toast(message: string, undo?: () => Promise<unknown>): void {
  const id = newId();
  const takeBack = () => {
    if (latest === takeBack) latest = null;
    notifications.hide(id);
    undo?.().then(
      () => toast(t('common.undone')),
      (error: unknown) => toastProblem(error),
    );
  };
  if (undo) latest = takeBack;
  notifications.show({
    id,
    onClose: () => {
      if (latest === takeBack) latest = null;
    },
    autoClose: undo ? 8000 : 4000,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('common.close') },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text>{message}</Text>
        {undo && (
          <Button variant="light" flex="none" onClick={takeBack}>
            {t('common.undo')}
          </Button>
        )}
      </Group>
    ),
  });
}

export function toastProblem(error: unknown): void {
  const { title, text } = explain(error);
  notifications.show({
    title,
    message: text,
    color: 'danger',
    autoClose: 8000,
    withBorder: true,
    closeButtonProps: { 'aria-label': t('common.close') },
  });
}
