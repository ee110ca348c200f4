import { deadLettersRedriveAll } from '@/api';

/** How many were sent round again. */
export const redriveAll = async (): Promise<number> =>
  (await deadLettersRedriveAll()).data.redriven;
