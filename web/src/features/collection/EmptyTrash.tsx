import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { emptyTrash } from './api/emptyTrash';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toast, toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';

export function EmptyTrash() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const emptying = useMutation({
    mutationFn: emptyTrash,
    onSuccess: () => toast(t('collection.trashEmptied')),
    onError: toastProblem,
    onSettled: () => {
      setAsking(false);
      return queryClient.invalidateQueries({ queryKey: ['items'] });
    },
  });
  return (
    <>
      <Button color="danger" variant="light" onClick={() => setAsking(true)}>
        {t('collection.emptyTrashAct')}
      </Button>
      {asking && (
        <AskFirst
          act={t('collection.emptyTrashAct')}
          text={t('collection.emptyTrashAsk')}
          pending={emptying.isPending}
          onYes={() => emptying.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
