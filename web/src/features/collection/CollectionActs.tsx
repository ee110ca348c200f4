import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { EmptyTrash } from './EmptyTrash';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

export function CollectionActs({ trash }: { trash: boolean }) {
  const { t } = useTranslation();
  const { edits, arranges } = useRights();
  if (trash) {
    return (
      <>
        {arranges && <EmptyTrash />}
        <Button variant="default" renderRoot={(props) => <Link to="/collection" {...props} />}>
          {t('collection.leaveTrash')}
        </Button>
      </>
    );
  }
  return (
    <>
      {edits && (
        <Button variant="default" renderRoot={(props) => <Link to="/items/new" {...props} />}>
          {t('collection.add')}
        </Button>
      )}
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon aria-label={t('common.more')}>
            <IconDots aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('collection.export')}</Menu.Label>
          {/* Plain downloads: the browser streams them to disk with the session's cookie. */}
          <Menu.Item component="a" href="/api/v1/export/csv" download>
            {t('collection.exportCsv')}
          </Menu.Item>
          <Menu.Item component="a" href="/api/v1/export/json" download>
            {t('collection.exportJson')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            renderRoot={(props) => <Link to="/collection" search={{ trash: true }} {...props} />}
          >
            {t('collection.openTrash')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
