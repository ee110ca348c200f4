import { useCallback } from 'react';

import type { Wishes } from './useWishes';

import { toast } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';
import { addShots } from '@/lib/queue/shots';
import { askForFlush } from '@/lib/queue/useQueueFlush';
import { useMe } from '@/lib/session/session';

/** Files by name too: some systems tell no type for HEIC and TIFF. */
const NAMES = /\.(jpe?g|png|webp|hei[cf]|tiff?)$/i;

/** Puts pictures in the tray; rejects where this device cannot keep them. */
export function useAddPhotos(wishes: Wishes): (files: readonly Blob[]) => Promise<void> {
  const { t } = useTranslation();
  const owner = useMe().space_id;
  const { kind, catalogue } = wishes;
  return useCallback(
    async (files) => {
      const pictures = files.filter(isPicture);
      if (pictures.length < files.length) toast(t('scan.notPictures'));
      if (pictures.length === 0) return;
      await addShots(pictures, { owner, kind, catalogue });
      askForFlush();
    },
    [owner, kind, catalogue, t],
  );
}

function isPicture(file: Blob): boolean {
  return file.type.startsWith('image/') || (file instanceof File && NAMES.test(file.name));
}
