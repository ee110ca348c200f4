import { useNavigate } from '@tanstack/react-router';

import { toastProblem } from '@/components/feedback/toast';
import { leave } from '@/lib/session/leave';

export function useLeave(): () => void {
  const navigate = useNavigate();
  return () => {
    leave(() => navigate({ to: '/login', search: {} })).catch(toastProblem);
  };
}
