import { useMutation, useQueryClient } from '@tanstack/react-query';

import { isRole } from './roles';
import { addPhotoAgain, addPhotos } from '../api/addPhotos';
import { itemQuery } from '../api/getItem';
import { orderPhotos } from '../api/orderPhotos';
import { removePhoto } from '../api/removePhoto';
import { setPhotoRole } from '../api/setPhotoRole';
import { useRefreshItem } from '../useItemActs';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { MediaId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Item, Picture } from '@/lib/wire/item';

export type PhotoActs = ReturnType<typeof usePhotoActs>;

interface Mark {
  mediaId: MediaId;
  role: string;
  before: string;
}

export function usePhotoActs(item: Item) {
  const { t } = useTranslation();
  const refresh = useRefreshItem(item.id);
  const queryClient = useQueryClient();
  const { queryKey } = itemQuery(item.id);
  const common = { onError: toastProblem, onSettled: refresh };
  const idsNow = () => item.images.map((photo) => photo.media_id);

  const add = useMutation({
    mutationFn: (files: readonly File[]) => addPhotos(item.id, files),
    onSuccess: (_answer, files) => toast(t('item.photosAdded', { count: files.length })),
    ...common,
  });
  const remove = useMutation({
    mutationFn: (mediaId: MediaId) => removePhoto(item.id, mediaId),
    onSuccess: (_answer, mediaId) => {
      const before = idsNow();
      toast(t('item.photoRemoved'), () =>
        // Back where it was, not at the end.
        addPhotoAgain(item.id, mediaId)
          .then(() => orderPhotos(item.id, before))
          .then(refresh),
      );
    },
    ...common,
  });
  const move = useMutation({
    mutationFn: (order: readonly Picture[]) =>
      orderPhotos(
        item.id,
        order.map((photo) => photo.media_id),
      ),
    onMutate: (order) => {
      // The photo goes at once; a refusal fetches what is true.
      queryClient.setQueryData(
        queryKey,
        (now) => now && { ...now, item: { ...now.item, images: [...order] } },
      );
    },
    ...common,
  });
  const mark = useMutation({
    mutationFn: ({ mediaId, role }: Mark) => setPhotoRole(item.id, mediaId, role),
    onSuccess: (_answer, { mediaId, role, before }) => {
      if (isRole(role))
        toast(t('item.photo.roleSet', { role: t(`item.photo.roles.${role}`) }), () =>
          setPhotoRole(item.id, mediaId, before).then(refresh),
        );
    },
    ...common,
  });
  return { add, remove, move, mark };
}
