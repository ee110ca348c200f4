/**
 * What browsers give only to a secure address: https, or this computer. At home the app is often
 * opened from a phone over plain HTTP, where none of these exist; so lint lets nobody else ask.
 */

/** For one tab at a time; undefined where tabs cannot be told apart. */
export const locks = (): LockManager | undefined =>
  'locks' in navigator ? navigator.locks : undefined;

/** For the app's own camera; undefined where only the device's camera can be asked for a photo. */
export const cameras = (): MediaDevices | undefined =>
  'mediaDevices' in navigator ? navigator.mediaDevices : undefined;

/** Asks the browser not to clear what waits here when the disk is short; refusal changes nothing. */
export function keepStored(): void {
  if ('storage' in navigator && 'persist' in navigator.storage) void navigator.storage.persist();
}

/** Forgets the pictures that were kept for offline. */
export async function forgetPictures(): Promise<void> {
  if ('caches' in window) await caches.delete('pictures');
}
