import type { Job } from './api/job';

/** Finished jobs of the same name that follow each other say one thing; the newest stands for all. */
export function alike(jobs: readonly Job[]): { first: Job; count: number }[] {
  const groups: { first: Job; count: number }[] = [];
  for (const job of jobs) {
    const last = groups.at(-1);
    const same =
      last?.first.status === 'done' && job.status === 'done' && last.first.name === job.name;
    if (same) last.count += 1;
    else groups.push({ first: job, count: 1 });
  }
  return groups;
}
