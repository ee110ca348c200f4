import { type MeIn, meUpdate } from '@/api';
import type { Me } from '@/lib/session/session';

export const changeMe = async (change: MeIn): Promise<Me> =>
  (await meUpdate({ body: change })).data;
