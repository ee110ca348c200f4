import { Menu } from '@mantine/core';
import { IconCheck, IconDoor } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { toastProblem } from '@/components/feedback/toast';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import { enterSpace, spacesQuery } from '@/lib/session/spaces';

/** The spaces in the account's menu: one tap goes over into another. */
export function SpaceItems() {
  const { t } = useTranslation();
  const me = useMe();
  const spaces = useQuery(spacesQuery).data ?? [];
  return (
    <>
      {spaces.length > 1 && (
        <>
          <Menu.Label>{t('shell.spaces')}</Menu.Label>
          {spaces.map((space) => (
            <Menu.Item
              key={space.id}
              leftSection={
                space.id === me.space_id ? <IconCheck size={18} /> : <IconDoor size={18} />
              }
              aria-current={space.id === me.space_id || undefined}
              onClick={() => void enterSpace(space, me).catch(toastProblem)}
            >
              {space.name ?? t('shell.ownSpace')}
            </Menu.Item>
          ))}
          <Menu.Divider />
        </>
      )}
      <Menu.Item
        leftSection={<IconDoor size={18} />}
        renderRoot={(props) => <Link to="/settings/spaces" {...props} />}
      >
        {t('shell.manageSpaces')}
      </Menu.Item>
    </>
  );
}
