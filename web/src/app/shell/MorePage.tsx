import { NavLink, Stack } from '@mantine/core';
import {
  IconBook,
  IconBooks,
  IconCommand,
  IconInbox,
  IconLogout,
  IconProgress,
  IconSettings,
  IconShieldLock,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { ReviewCount } from './ReviewCount';
import { openPalette } from './useHotkeys';
import { useLeave } from './useLeave';

import { PageHead } from '@/components/layout/PageHead';
import { useTranslation } from '@/lib/i18n';
import { adminPagesOf } from '@/lib/session/permissions';
import { useRights } from '@/lib/session/rights';
import { useMe } from '@/lib/session/session';

/** Where the bottom bar's last tab leads on a phone. */
export function MorePage() {
  const { t } = useTranslation();
  const me = useMe();
  const leave = useLeave();
  const { arranges } = useRights();
  return (
    <>
      <PageHead title={t('shell.more')} />
      <Stack gap={4}>
        {arranges && (
          <NavLink
            label={t('shell.review')}
            leftSection={<IconInbox size={22} />}
            rightSection={<ReviewCount />}
            renderRoot={(props) => <Link to="/review" {...props} />}
          />
        )}
        <NavLink
          label={t('shell.catalogue')}
          leftSection={<IconBooks size={22} />}
          renderRoot={(props) => <Link to="/catalogue" {...props} />}
        />
        <NavLink
          label={t('shell.jobs')}
          leftSection={<IconProgress size={22} />}
          renderRoot={(props) => <Link to="/jobs" {...props} />}
        />
        <NavLink
          label={t('shell.palette.trash')}
          leftSection={<IconTrash size={22} />}
          renderRoot={(props) => <Link to="/collection" search={{ trash: true }} {...props} />}
        />
        <NavLink
          label={t('shell.settings')}
          leftSection={<IconSettings size={22} />}
          renderRoot={(props) => <Link to="/settings" {...props} />}
        />
        {adminPagesOf(me).length > 0 && (
          <NavLink
            label={t('shell.admin')}
            leftSection={<IconShieldLock size={22} />}
            renderRoot={(props) => <Link to="/admin" {...props} />}
          />
        )}
        <NavLink
          component="button"
          label={t('shell.palette.open')}
          leftSection={<IconCommand size={22} />}
          onClick={openPalette}
        />
        <NavLink label={t('shell.apiDocs')} leftSection={<IconBook size={22} />} href="/api/docs" />
        {me.impersonator === null && (
          <NavLink
            component="button"
            label={t('shell.logOut')}
            leftSection={<IconLogout size={22} />}
            onClick={leave}
          />
        )}
      </Stack>
    </>
  );
}
