import type { JobId } from '@/lib/brand';
import { call } from '@/lib/http/verbs';

export const dismiss = (id: JobId) => call('DELETE', `/api/v1/dead-letters/${id}`);
