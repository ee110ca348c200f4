import type { JobId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const redrive = (id: JobId) => call('POST', `/api/v1/dead-letters/${id}/redrive`);
