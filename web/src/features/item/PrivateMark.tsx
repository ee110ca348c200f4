import { Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';
import { shelvesQuery } from '@/lib/shelves/shelves';
import type { Item } from '@/lib/wire/item';

/** Says plainly that a thing lies in a private room, and in which. */
export function PrivateMark({ item }: { item: Item }) {
  const { t } = useTranslation();
  const room = useQuery(shelvesQuery).data?.find(({ id }) => id === item.room_id);
  if (item.room_id === null) return null;
  return (
    <Text className={classes.private} mt="sm">
      <IconLock size={16} stroke={1.8} aria-hidden />
      {room === undefined
        ? t('shelves.privateMark')
        : t('shelves.privateThing', { name: room.name })}
    </Text>
  );
}
