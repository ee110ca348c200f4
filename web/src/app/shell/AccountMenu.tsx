import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBook,
  IconCommand,
  IconLogout,
  IconProgress,
  IconSettings,
  IconShieldLock,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { SpaceItems } from './SpaceItems';
import { useLeave } from './useLeave';
import { openPalette } from './useHotkeys';

import { useTranslation } from '@/lib/i18n';
import { adminPagesOf } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

export function AccountMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const leave = useLeave();
  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <ActionIcon aria-label={t('shell.account')} color="accent">
          <IconUserCircle size={26} stroke={1.5} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.display_name ?? me.email}</Menu.Label>
        <SpaceItems />
        <Menu.Item
          leftSection={<IconSettings size={18} />}
          renderRoot={(props) => <Link to="/settings" {...props} />}
        >
          {t('shell.settings')}
        </Menu.Item>
        {adminPagesOf(me).length > 0 && (
          <Menu.Item
            leftSection={<IconShieldLock size={18} />}
            renderRoot={(props) => <Link to="/admin" {...props} />}
          >
            {t('shell.admin')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconProgress size={18} />}
          renderRoot={(props) => <Link to="/jobs" {...props} />}
        >
          {t('shell.jobs')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCommand size={18} />} onClick={openPalette}>
          {t('shell.palette.open')}
        </Menu.Item>
        <Menu.Item leftSection={<IconBook size={18} />} component="a" href="/api/docs">
          {t('shell.apiDocs')}
        </Menu.Item>
        {me.impersonator === null && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={18} />} onClick={leave}>
              {t('shell.logOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
