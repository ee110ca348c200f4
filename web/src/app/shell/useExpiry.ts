import { useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

import { onExpired } from '@/lib/session/expired';
import { onFactorMissing } from '@/lib/session/factorMissing';
import { forgetPerson } from '@/lib/session/leave';
import { onOvertaken } from '@/lib/session/shared';
import { wasHere } from '@/lib/session/wasHere';

/**
 * A session that ended leads to the door, and from there back to this very page; so does another
 * tab that became another person's, or went over into another space, to the start.
 */
export function useExpiry(): void {
  const navigate = useNavigate();
  const router = useRouter();
  useEffect(
    () =>
      onExpired(() => {
        const next = router.state.location.href;
        if (next.startsWith('/login')) return;
        if (!wasHere()) return; // they log out just now
        // Somebody else may log in.
        void navigate({ to: '/login', search: { next } }).then(forgetPerson);
      }),
    [navigate, router],
  );
  useEffect(() => onOvertaken(() => window.location.assign('/')), []);
  useEffect(() => onFactorMissing(() => void navigate({ to: '/second-factor' })), [navigate]);
}
