import { Button, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { emptyTrash } from './api/emptyTrash';

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
      <Modal opened={asking} onClose={() => setAsking(false)} title={t('collection.emptyTrashAct')}>
        <Stack>
          <Text>{t('collection.emptyTrashAsk')}</Text>
          <Button color="danger" loading={emptying.isPending} onClick={() => emptying.mutate()}>
            {t('collection.emptyTrashAct')}
          </Button>
        </Stack>
      </Modal>
    </>
  );
}
