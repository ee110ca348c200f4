import { useState } from 'react';

/**
 * The version that a form may write over, sent as If-Match: the newest that still says what the
 * form began with. Once somebody else changes that, it stands still, and the server refuses.
 */
export function useBase<Version>(values: unknown, version: Version): Version {
  const began = JSON.stringify(values);
  const [base, setBase] = useState({ began, version });
  if (base.began === began && base.version !== version) setBase({ began, version });
  return base.version;
}
