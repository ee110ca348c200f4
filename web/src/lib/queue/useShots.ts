import { liveQuery } from 'dexie';
import { useEffect, useState } from 'react';

import { shotsOf } from './shots';

import type { Shot } from '@/lib/storage/database';

/** The photos in this device's tray, newest first; undefined until they were read. */
export function useShots(owner: string): Shot[] | undefined {
  const [shots, setShots] = useState<Shot[]>();
  useEffect(() => {
    const subscription = liveQuery(() => shotsOf(owner)).subscribe(setShots);
    return () => subscription.unsubscribe();
  }, [owner]);
  return shots;
}
