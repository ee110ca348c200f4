interface Asked {
  url: URL;
  request: Pick<Request, 'destination'>;
}

/**
 * Whether a picture is kept for the time without a server: all but originals, of which one takes the
 * room of a hundred thumbnails. The build copies this function into the service worker, so it uses
 * nothing from outside of itself.
 */
export const isKept = ({ url, request }: Asked): boolean =>
  request.destination === 'image' &&
  url.pathname.startsWith('/api/') &&
  !url.pathname.endsWith('/original');
