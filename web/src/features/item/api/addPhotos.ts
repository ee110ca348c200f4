import { itemsAddImages } from '@/api';
import type { ItemId, MediaId } from '@/lib/brand';
import { prepare } from '@/lib/queue/prepare';

export async function addPhotos(id: ItemId, files: readonly File[]): Promise<void> {
  const pictures = await Promise.all(
    files.map(async (file) => {
      const picture = await prepare(file);
      return new File([picture], file.name, { type: picture.type });
    }),
  );
  await itemsAddImages({ path: { item_id: id }, body: { files: pictures } });
}

/** Puts a photo back that was taken off; its bytes are still on the server. */
export async function addPhotoAgain(id: ItemId, mediaId: MediaId): Promise<void> {
  await itemsAddImages({ path: { item_id: id }, body: { media_id: [mediaId] } });
}
