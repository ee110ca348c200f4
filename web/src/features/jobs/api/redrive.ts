import type { Reach } from './reach';

import { deadLettersRedrive } from '@/api';
import type { JobId } from '@/lib/brand';

export const redrive = (id: JobId, headers: Reach) =>
  deadLettersRedrive({ path: { job_id: id }, headers });
