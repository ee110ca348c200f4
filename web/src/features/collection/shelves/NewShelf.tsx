import { useNavigate } from '@tanstack/react-router';

import { ShelfForm } from './ShelfForm';

import { Dialog } from '@/components/feedback/Dialog';
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
    <Dialog onClose={onClose} title={t('shelves.newTitle')}>
      <ShelfForm
        initial={{ name: '', description: '', visibility: 'space' }}
        act={t('shelves.act')}
        pending={make.isPending}
        onSave={(draft) => make.mutate(draft)}
        onCancel={onClose}
      />
    </Dialog>
  );
}
