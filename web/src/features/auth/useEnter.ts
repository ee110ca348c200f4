import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';

import { leaveForeignSpace } from './leaveForeignSpace';

import { meQuery } from '@/lib/session/session';

/** Goes in after a log-in: nothing that was cached for an earlier account survives the door. */
export function useEnter(next: string | undefined): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    queryClient.clear();
    await leaveForeignSpace();
    await queryClient.query(meQuery);
    router.history.push(next ?? '/');
  };
}
