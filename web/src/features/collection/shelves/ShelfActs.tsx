import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconLink, IconPencil, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { grantsQuery } from '../api/people';
import { EditShelf } from './EditShelf';
import { People } from './People';

import { AskFirst } from '@/components/feedback/AskFirst';
import { toast } from '@/components/feedback/toast';
import { useAct } from '@/components/feedback/useAct';
import { ShareDialog } from '@/components/sharing/ShareDialog';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { deleteShelf, type Shelf } from '@/lib/shelves/shelves';

type Doing = 'edit' | 'people' | 'share' | 'delete' | null;

export function ShelfActs({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { edits, arranges } = useRights();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  // Answered only to those who decide about the collection; to others nothing is offered.
  const manages = useQuery({ ...grantsQuery(shelf.id), enabled: edits }).isSuccess;
  const remove = useAct(deleteShelf, {
    said: t('shelves.deleted'),
    renews: [['collections'], ['item'], ['shares']],
    onDone: () => void navigate({ to: '/collections' }),
  });
  const locked = shelf.visibility === 'private' && shelf.item_count > 0;
  return (
    <>
      {manages && (
        <Button
          variant="default"
          leftSection={<IconUsers size={18} aria-hidden />}
          onClick={() => setDoing('people')}
        >
          {t('shelves.people.act')}
        </Button>
      )}
      {arranges && (
        <>
          <Button
            variant="default"
            leftSection={<IconLink size={18} aria-hidden />}
            onClick={() => setDoing('share')}
          >
            {t('sharing.share')}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label={t('common.more')}>
                <IconDots aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                leftSection={<IconPencil size={18} aria-hidden />}
                onClick={() => setDoing('edit')}
              >
                {t('shelves.edit')}
              </Menu.Item>
              <Menu.Item
                color="danger"
                leftSection={<IconTrash size={18} aria-hidden />}
                onClick={() => (locked ? toast(t('shelves.deleteFull')) : setDoing('delete'))}
              >
                {t('shelves.delete')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      {doing === 'edit' && <EditShelf shelf={shelf} onClose={close} />}
      {doing === 'people' && <People shelf={shelf} onClose={close} />}
      {doing === 'share' && (
        <ShareDialog
          target={{ target: 'collection', id: shelf.id, name: shelf.name }}
          onClose={close}
        />
      )}
      {doing === 'delete' && (
        <AskFirst
          act={t('shelves.delete')}
          text={t('shelves.deleteText')}
          pending={remove.isPending}
          onYes={() => remove.mutate(shelf.id)}
          onClose={close}
        />
      )}
    </>
  );
}
