import { useMutation } from '@tanstack/react-query';

import { addPhotoAgain, addPhotos } from '../api/addPhotos';
import { removePhoto } from '../api/removePhoto';
import { useRefreshItem } from '../useItemActs';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { MediaId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

export function usePhotoActs(item: Item) {
  const { t } = useTranslation();
  const refresh = useRefreshItem(item.id);
  const common = { onError: toastProblem, onSettled: refresh };
  const add = useMutation({
    mutationFn: (files: readonly File[]) => addPhotos(item.id, files),
    onSuccess: (_answer, files) => toast(t('item.photosAdded', { count: files.length })),
    ...common,
  });
  const remove = useMutation({
    mutationFn: (mediaId: MediaId) => removePhoto(item.id, mediaId),
    onSuccess: (_answer, mediaId) =>
      toast(t('item.photoRemoved'), () => addPhotoAgain(item.id, mediaId).then(refresh)),
    ...common,
  });
  return { add, remove };
}
