import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

import { onExpired } from '@/lib/session/expired';
import { onFactorMissing } from '@/lib/session/factorMissing';
import { onOvertaken } from '@/lib/session/shared';

/** What the door itself shows. */
const DOOR = new Set<unknown>(['setup', 'providers', 'invitation', 'invited']);

/**
 * A session that ended leads to the door, and from there back to this very page; so does another
 * tab that became another person's, or went over into another space, to the start.
 */
export function useExpiry(): void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(
    () =>
      onExpired(() => {
        const next = router.state.location.href;
        if (next.startsWith('/login')) return;
        void navigate({ to: '/login', search: { next } }).then(() =>
          // Somebody else may log in: nothing of this person stays, nor is written down.
          queryClient.removeQueries({ predicate: ({ queryKey }) => !DOOR.has(queryKey[0]) }),
        );
      }),
    [navigate, queryClient, router],
  );
  useEffect(() => onOvertaken(() => window.location.assign('/')), []);
  useEffect(() => onFactorMissing(() => void navigate({ to: '/second-factor' })), [navigate]);
}
