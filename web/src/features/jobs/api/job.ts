import type { Instant, JobId } from '@/lib/brand';

export interface Job {
  id: JobId;
  name: string;
  queue: string;
  status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  attempts: number;
  progress: { done: number; total: number; note: string } | null;
  error: { code: string; message: string } | null;
  created_at: Instant;
  started_at: Instant | null;
  finished_at: Instant | null;
}
