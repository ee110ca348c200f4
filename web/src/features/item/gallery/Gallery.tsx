import { ActionIcon, Button, FileButton, Group, Text } from '@mantine/core';
import { IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';

import { LargePhoto } from './LargePhoto';
import { LoupePhoto } from './LoupePhoto';
import { usePhotoActs } from './usePhotoActs';
import classes from '../item.module.css';

import { Picture } from '@/components/picture/Picture';
import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

export function Gallery({ item }: { item: Item }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const [large, setLarge] = useState(false);
  const { add, remove } = usePhotoActs(item);
  const photos = item.images;
  const shown = photos[Math.min(at, photos.length - 1)];

  return (
    <section aria-label={t('item.photos')}>
      <div className={classes.frame}>
        {shown ? (
          <LoupePhoto picture={shown} of={item} onOpen={() => setLarge(true)} />
        ) : (
          <Text c="dimmed" ta="center" maw={260}>
            {t('item.noPhotos')}
          </Text>
        )}
      </div>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div className={classes.thumbs}>
          {photos.length > 1 &&
            photos.map((photo, index) => (
              <button
                key={photo.media_id}
                type="button"
                className={classes.thumb}
                aria-pressed={photo === shown}
                aria-label={t('item.photoNumber', { number: index + 1, total: photos.length })}
                onClick={() => setAt(index)}
              >
                <Picture picture={photo} of={item} sizes="72px" className={classes.thumbPicture} />
              </button>
            ))}
        </div>
        <Group gap={4} mt="sm" wrap="nowrap">
          {shown && (
            <ActionIcon
              aria-label={t('item.removePhoto')}
              onClick={() => remove.mutate(shown.media_id)}
            >
              <IconTrash size={20} aria-hidden />
            </ActionIcon>
          )}
          <FileButton
            multiple
            accept="image/*"
            onChange={(files) => files.length > 0 && add.mutate(files)}
          >
            {(props) => (
              <Button
                {...props}
                variant="subtle"
                loading={add.isPending}
                leftSection={<IconPhotoPlus size={20} aria-hidden />}
              >
                {t('item.addPhotos')}
              </Button>
            )}
          </FileButton>
        </Group>
      </Group>
      {shown && large && <LargePhoto picture={shown} of={item} onClose={() => setLarge(false)} />}
    </section>
  );
}
