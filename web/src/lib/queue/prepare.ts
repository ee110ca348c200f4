/** The server's limits for one picture. */
export const MOST_BYTES = 25 * 1024 * 1024;
export const MOST_PIXELS = 100_000_000;

/** No photo of a hundred megapixels is smaller than this, so smaller files need no look inside. */
const MAYBE_HUGE_BYTES = 6 * 1024 * 1024;

const HEIC = /^image\/hei[cf]/;

/**
 * The picture as it is sent. It is left alone unless the server would refuse it: above the limits it
 * is made smaller, and HEIC becomes JPEG where this browser can read it.
 */
export async function prepare(picture: Blob): Promise<Blob> {
  // Fails here where the device has lost the file, which sending would take for a lost connection.
  await new Blob([picture]).slice(0, 1).arrayBuffer();
  const heic = HEIC.test(picture.type);
  if (!heic && picture.size < MAYBE_HUGE_BYTES) return picture;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  } catch {
    return picture; // what this browser cannot read, the server may; it answers with a reason
  }
  try {
    const scale = shrinkBy(bitmap.width, bitmap.height, picture.size);
    if (scale === 1 && !heic) return picture;
    return await redraw(bitmap, scale);
  } catch {
    return picture; // more than this device can draw; the server says whether it takes it
  } finally {
    bitmap.close();
  }
}

/** How much each side shrinks so that pixels and, roughly, bytes fit with room to spare. */
export function shrinkBy(width: number, height: number, bytes: number): number {
  const pixels = width * height;
  const byPixels = pixels > MOST_PIXELS ? Math.sqrt((MOST_PIXELS * 0.98) / pixels) : 1;
  const byBytes = bytes > MOST_BYTES ? Math.min(1, Math.sqrt((MOST_BYTES * 1.2) / bytes)) : 1;
  return Math.min(byPixels, byBytes);
}

async function redraw(bitmap: ImageBitmap, scale: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(
    Math.floor(bitmap.width * scale),
    Math.floor(bitmap.height * scale),
  );
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
}
