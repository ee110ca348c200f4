import { useEffect, useState } from 'react';

/**
 * The one-time token of a letter's link. It stands behind the `#`, which reaches no log, and is
 * taken out of the address at once, so that it stays in no history.
 */
export function useToken(): string | null {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get('token'));
  useEffect(() => {
    if (window.location.hash !== '')
      window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  return token;
}
