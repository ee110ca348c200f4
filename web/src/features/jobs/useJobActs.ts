import { useMutation, useQueryClient } from '@tanstack/react-query';

import { dismiss } from './api/dismiss';
import { redrive } from './api/redrive';
import { redriveAll } from './api/redriveAll';

import { toast, toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';

export function useJobActs() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const common = {
    onError: toastProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs'] }),
  };
  const one = useMutation({
    mutationFn: redrive,
    onSuccess: () => toast(t('jobs.redriven', { count: 1 })),
    ...common,
  });
  const all = useMutation({
    mutationFn: redriveAll,
    onSuccess: (count) => toast(t('jobs.redriven', { count })),
    ...common,
  });
  const off = useMutation({
    mutationFn: dismiss,
    onSuccess: () => toast(t('jobs.dismissed')),
    ...common,
  });
  return { one, all, off };
}
