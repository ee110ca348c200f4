import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

import { onExpired } from '@/lib/session/expired';
import { onFactorMissing } from '@/lib/session/factorMissing';
import { meQuery } from '@/lib/session/session';

/** A session that ended leads to the door, and from there back to this very page. */
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
          queryClient.removeQueries({ queryKey: meQuery.queryKey }),
        );
      }),
    [navigate, queryClient, router],
  );
  useEffect(() => onFactorMissing(() => void navigate({ to: '/second-factor' })), [navigate]);
}
