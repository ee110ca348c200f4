import type { JobOut } from '@/api';
import type { Instant, JobId, Narrowed } from '@/lib/brand';

export type Job = Narrowed<
  JobOut,
  { id: JobId; created_at: Instant; started_at: Instant | null; finished_at: Instant | null }
>;
