import { ActionIcon, Button, Group, Menu, Select, Text, Title } from '@mantine/core';
import { IconDots, IconLink, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';

import { PrivateMark } from './PrivateMark';
import { useItemActs } from './useItemActs';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { ShareDialog } from '@/components/sharing/ShareDialog';
import { formatAgo, formatDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import { statuses, useStatusLabel } from '@/lib/kinds/statuses';
import { useRights } from '@/lib/session/rights';
import type { Item } from '@/lib/wire/item';

interface Props {
  item: Item;
  editing: boolean;
  onEdit: () => void;
}

export function ItemHead({ item, editing, onEdit }: Props) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const statusLabel = useStatusLabel();
  const { trash, status } = useItemActs(item);
  const { edits, arranges } = useRights();
  const [sharing, setSharing] = useState(false);
  const title = item.title || t('common.untitled');
  usePageTitle(title);
  return (
    <header>
      <Text c="dimmed" size="sm">
        {kind(item.kind)}
      </Text>
      <Title order={1} fz={{ base: '1.9rem', sm: '2.5rem' }} lh={1.12}>
        {title}
      </Title>
      <Text c="dimmed" fz="1.1rem" mt={4}>
        {item.subtitle}
      </Text>
      <PrivateMark item={item} />
      {!editing && item.deleted_at === null && (
        <Group mt="md" mb="xl" gap="xs">
          {edits && (
            <>
              <Select
                w={170}
                aria-label={t('common.status')}
                data={statuses.map((value) => ({ value, label: statusLabel(value) }))}
                value={item.status}
                allowDeselect={false}
                disabled={status.isPending}
                onChange={(next) => next !== null && next !== item.status && status.mutate(next)}
              />
              <Button leftSection={<IconPencil size={18} aria-hidden />} onClick={onEdit}>
                {t('item.edit')}
              </Button>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon aria-label={t('common.more')}>
                    <IconDots aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {arranges && (
                    <Menu.Item
                      leftSection={<IconLink size={18} aria-hidden />}
                      onClick={() => setSharing(true)}
                    >
                      {t('sharing.share')}
                    </Menu.Item>
                  )}
                  <Menu.Item
                    color="danger"
                    leftSection={<IconTrash size={18} aria-hidden />}
                    onClick={() => trash.mutate()}
                  >
                    {t('item.moveToTrash')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </>
          )}
          <Text size="sm" c="dimmed" w="100%">
            {t('item.added', { when: formatDay(item.created_at) })}
            {item.updated_at !== item.created_at &&
              `, ${t('item.changed', { when: formatAgo(item.updated_at, t('common.ago.now')) })}`}
          </Text>
        </Group>
      )}
      {sharing && (
        <ShareDialog
          target={{ target: 'item', id: item.id, name: title }}
          onClose={() => setSharing(false)}
        />
      )}
    </header>
  );
}
