import { deadLettersDismiss } from '@/api';
import type { JobId } from '@/lib/brand';

export const dismiss = (id: JobId) => deadLettersDismiss({ path: { job_id: id } });
