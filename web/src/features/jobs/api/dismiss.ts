import type { Reach } from './reach';

import { deadLettersDismiss } from '@/api';
import type { JobId } from '@/lib/brand';

export const dismiss = (id: JobId, headers: Reach) =>
  deadLettersDismiss({ path: { job_id: id }, headers });
