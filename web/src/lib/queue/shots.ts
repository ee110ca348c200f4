import { newId } from '@/lib/newId';
import { keepStored } from '@/lib/secure';
import { database, type Found, type Shot } from '@/lib/storage/database';

export interface ShotWishes {
  owner: string;
  kind: string | null;
  catalogue: string | null;
}

const cameraName = (moment: number) => `photo-${moment}.jpg`;

/** Whether a shot has no name of its own that a person would know it by. */
export const isOfCamera = (name: string): boolean => /^photo-\d+\.jpg$/u.test(name);

/** Puts photos in the tray of this device before anything is sent: a shot is never lost. */
export async function addShots(pictures: readonly Blob[], wishes: ShotWishes): Promise<void> {
  const taken = Date.now();
  await database.shots.bulkAdd(
    pictures.map((picture, index): Shot => ({
      ...wishes,
      id: newId(),
      picture,
      name:
        picture instanceof File && picture.name !== '' ? picture.name : cameraName(taken + index),
      taken: taken + index,
      state: 'waiting',
      scanId: null,
      reason: null,
    })),
  );
  keepStored();
}

export const shotsOf = (owner: string): Promise<Shot[]> =>
  database.shots.where('owner').equals(owner).reverse().sortBy('taken');

export const removeShot = (id: string): Promise<void> => database.shots.delete(id);

/** Sends a photo anew that the server took but could not finish: a new photo, as far as it knows. */
export async function sendShotAgain(id: string): Promise<void> {
  await database.transaction('rw', database.shots, async () => {
    const shot = await database.shots.get(id);
    if (shot === undefined) return;
    await database.shots.delete(id);
    await database.shots.add({ ...shot, id: newId(), state: 'waiting', scanId: null, tries: 0 });
  });
}

/** Writes down what was found, so that the server is not asked for it at every visit. */
export const keepFound = (id: string, found: Found): Promise<number> =>
  database.shots.update(id, { found });

export const retryShot = (id: string): Promise<number> =>
  database.shots.update(id, { state: 'waiting', reason: null, tries: 0 });
