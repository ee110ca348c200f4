import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { IconCamera, IconPhotoPlus } from '@tabler/icons-react';

import classes from './scan.module.css';
import { useFileDrop } from './useFileDrop';

import { useTranslation } from '@/lib/i18n';
import { cameras } from '@/lib/secure';

interface Props {
  onFiles: (files: readonly Blob[]) => void;
  onCamera: () => void;
}

export function Capture({ onFiles, onCamera }: Props) {
  const { t } = useTranslation();
  const { over, handlers } = useFileDrop(onFiles);
  return (
    <div className={classes.drop} data-over={over || undefined} {...handlers}>
      <Stack align="center" gap="md">
        <Group justify="center">
          {cameras() === undefined ? (
            // The device's own camera, which takes one photo at a time.
            <FileButton
              accept="image/*"
              capture="environment"
              onChange={(photo) => photo && onFiles([photo])}
            >
              {(props) => <OpenCamera {...props} />}
            </FileButton>
          ) : (
            <OpenCamera onClick={onCamera} />
          )}
          <FileButton multiple accept="image/*,.heic,.heif,.tif,.tiff" onChange={onFiles}>
            {(props) => (
              <Button
                {...props}
                size="lg"
                variant="default"
                leftSection={<IconPhotoPlus size={22} aria-hidden />}
              >
                {t('scan.choose')}
              </Button>
            )}
          </FileButton>
        </Group>
        {cameras() === undefined && (
          <Text c="dimmed" ta="center" maw={480}>
            {t('scan.insecure')}
          </Text>
        )}
        <Text c="dimmed" visibleFrom="sm">
          {over ? t('scan.dropNow') : t('scan.drop')}
        </Text>
      </Stack>
    </div>
  );
}

function OpenCamera({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button size="lg" leftSection={<IconCamera size={24} aria-hidden />} onClick={onClick}>
      {t('scan.camera')}
    </Button>
  );
}
