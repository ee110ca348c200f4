import type { Reach } from './reach';

import { deadLettersRedriveAll } from '@/api';

/** How many were sent round again. */
export const redriveAll = async (headers: Reach): Promise<number> =>
  (await deadLettersRedriveAll({ headers })).data.redriven;
