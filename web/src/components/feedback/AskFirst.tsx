import { Button, Group, Stack, Text } from '@mantine/core';

import { Dialog } from './Dialog';

import { useTranslation } from '@/lib/i18n';

interface Props {
  /** What is about to be done; also the word on the button that does it. */
  act: string;
  /** What it takes away, and that it cannot be undone. */
  text: string;
  pending: boolean;
  onYes: () => void;
  onClose: () => void;
}

/** A question before something that has no way back; everything else is done and can be undone. */
export function AskFirst({ act, text, pending, onYes, onClose }: Props) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} title={act}>
      <Stack>
        <Text>{text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button color="danger" loading={pending} onClick={onYes}>
            {act}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
