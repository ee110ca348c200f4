import { ActionIcon, Group, Select } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconTrash } from '@tabler/icons-react';

import { isRole, moved, roles } from './roles';
import type { PhotoActs } from './usePhotoActs';

import { useTranslation } from '@/lib/i18n';
import type { Picture } from '@/lib/wire/item';

interface Props {
  photo: Picture;
  at: number;
  /** All photos of the thing, in their order. */
  photos: readonly Picture[];
  acts: PhotoActs;
  /** Shows the photo at its new place. */
  onMove: (to: number) => void;
}

/** What can be done with the photo in front. */
export function PhotoTools({ photo, at, photos, acts, onMove }: Props) {
  const { t } = useTranslation();
  const move = (to: number) => {
    acts.move.mutate(moved(photos, at, to));
    onMove(to);
  };
  return (
    <Group gap={4} mt="sm" wrap="nowrap">
      <Select
        w={150}
        aria-label={t('item.photo.role')}
        data={roles.map((value) => ({ value, label: t(`item.photo.roles.${value}`) }))}
        value={isRole(photo.role) ? photo.role : 'other'}
        allowDeselect={false}
        onChange={(role) =>
          role !== null &&
          role !== photo.role &&
          acts.mark.mutate({ mediaId: photo.media_id, role, before: photo.role })
        }
      />
      {photos.length > 1 && (
        <>
          <ActionIcon
            aria-label={t('item.photo.earlier')}
            disabled={at === 0}
            onClick={() => move(at - 1)}
          >
            <IconArrowLeft size={20} aria-hidden />
          </ActionIcon>
          <ActionIcon
            aria-label={t('item.photo.later')}
            disabled={at === photos.length - 1}
            onClick={() => move(at + 1)}
          >
            <IconArrowRight size={20} aria-hidden />
          </ActionIcon>
        </>
      )}
      <ActionIcon
        aria-label={t('item.removePhoto')}
        onClick={() => acts.remove.mutate(photo.media_id)}
      >
        <IconTrash size={20} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
