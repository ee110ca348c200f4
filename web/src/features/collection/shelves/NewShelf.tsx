import { Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';

import { ShelfForm } from './ShelfForm';

import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { makeShelf } from '@/lib/shelves/shelves';

export function NewShelf({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const make = useAct(makeShelf, {
    said: t('shelves.made'),
    renews: [['collections']],
    onDone: ({ id }) =>
      void navigate({ to: '/collections/$shelfId', params: { shelfId: id }, search: {} }),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('shelves.newTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <ShelfForm
        initial={{ name: '', description: '', visibility: 'space' }}
        act={t('shelves.act')}
        pending={make.isPending}
        onSave={(draft) => make.mutate(draft)}
        onCancel={onClose}
      />
    </Modal>
  );
}
