import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { useTranslation } from '@/lib/i18n';
import { trashQuery } from '@/lib/items/trash';

/** When the trash empties itself. */
export function TrashKeeps() {
  const { t } = useTranslation();
  const { data: days } = useQuery(trashQuery);
  if (days === undefined) return null;
  return (
    <Text c="dimmed" mb="md">
      {days === null ? t('collection.trashForEver') : t('collection.trashKeeps', { count: days })}
    </Text>
  );
}
