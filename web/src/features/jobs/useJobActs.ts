import { useMutation, useQueryClient } from '@tanstack/react-query';

import { dismiss } from './api/dismiss';
import { reachOf } from './api/reach';
import { redrive } from './api/redrive';
import { redriveAll } from './api/redriveAll';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { JobId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { useMe } from '@/lib/session/session';

export function useJobActs() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const me = useMe();
  const { edits } = useRights();
  const reach = reachOf(me);
  const common = {
    onError: toastProblem,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['jobs'] }),
  };
  const one = useMutation({
    mutationFn: (id: JobId) => redrive(id, reach),
    onSuccess: () => toast(t('jobs.redriven', { count: 1 })),
    ...common,
  });
  const all = useMutation({
    mutationFn: () => redriveAll(reach),
    onSuccess: (count) => toast(t('jobs.redriven', { count })),
    ...common,
  });
  const off = useMutation({
    mutationFn: (id: JobId) => dismiss(id, reach),
    onSuccess: () => toast(t('jobs.dismissed')),
    ...common,
  });
  return { one, all, off, acts: edits || me.is_admin };
}
