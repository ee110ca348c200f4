import { useMutation, useQueryClient } from '@tanstack/react-query';

import type { moved } from './moved';
import { addField } from '../api/addField';
import { changeField, type FieldChange } from '../api/changeField';

import { toast, toastProblem } from '@/components/feedback/toast';
import type { FieldId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';

export function useFieldActs() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['fields'] });
  const add = useMutation({
    mutationFn: addField,
    onSuccess: () => toast(t('settings.fields.added')),
    onSettled: refresh,
  });
  const change = useMutation({
    mutationFn: ({ id, change }: { id: FieldId; change: FieldChange }) => changeField(id, change),
    onSuccess: (_answer, { id, change: made }) => {
      if (made.archived !== true) return;
      toast(t('settings.fields.archived'), () =>
        changeField(id, { archived: false }).then(refresh),
      );
    },
    onError: toastProblem,
    onSettled: refresh,
  });
  const place = useMutation({
    mutationFn: async (placed: ReturnType<typeof moved>) => {
      for (const { id, position } of placed) await changeField(id, { position });
    },
    onError: toastProblem,
    onSettled: refresh,
  });
  return { add, change, place };
}
