import { deadLettersRedrive } from '@/api';
import type { JobId } from '@/lib/brand';

export const redrive = (id: JobId) => deadLettersRedrive({ path: { job_id: id } });
