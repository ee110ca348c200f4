import { Button, FileButton, Group } from '@mantine/core';
import { IconPhotoPlus } from '@tabler/icons-react';
import { useState } from 'react';

import { LargePhoto } from './LargePhoto';
import { LoupePhoto } from './LoupePhoto';
import { NoPhoto } from './NoPhoto';
import { PhotoTools } from './PhotoTools';
import { usePhotoActs } from './usePhotoActs';
import classes from '../item.module.css';

import { Picture } from '@/components/picture/Picture';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import type { Item } from '@/lib/wire/item';

export function Gallery({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { edits } = useRights();
  const [at, setAt] = useState(0);
  const [large, setLarge] = useState(false);
  const acts = usePhotoActs(item);
  const photos = item.images;
  const shown = photos[Math.min(at, photos.length - 1)];

  return (
    <section aria-label={t('item.photos')}>
      <div className={classes.frame}>
        {shown ? (
          <LoupePhoto picture={shown} of={item} onOpen={() => setLarge(true)} />
        ) : (
          <NoPhoto item={item} />
        )}
      </div>
      {photos.length > 1 && (
        <div className={classes.thumbs}>
          {photos.map((photo, index) => (
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
      )}
      {edits && (
        <Group justify="space-between" gap={4}>
          {shown && (
            <PhotoTools
              photo={shown}
              at={photos.indexOf(shown)}
              photos={photos}
              acts={acts}
              onMove={setAt}
            />
          )}
          <FileButton
            multiple
            accept="image/*"
            onChange={(files) => files.length > 0 && acts.add.mutate(files)}
          >
            {(props) => (
              <Button
                {...props}
                mt="sm"
                variant="subtle"
                loading={acts.add.isPending}
                leftSection={<IconPhotoPlus size={20} aria-hidden />}
              >
                {t('item.addPhotos')}
              </Button>
            )}
          </FileButton>
        </Group>
      )}
      {shown && large && <LargePhoto picture={shown} of={item} onClose={() => setLarge(false)} />}
    </section>
  );
}
