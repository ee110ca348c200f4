import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { entryQuery } from '../api/lookUp';
import classes from '../item.module.css';

import type { EntryId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

/** Until a thing has a photo of its own, the catalogue's picture of its like, told as such. */
export function NoPhoto({ item }: { item: Item }) {
  const { t } = useTranslation();
  const entryId = item.catalogue_entry_id;
  const entry = useQuery({
    ...entryQuery((entryId ?? '') as EntryId),
    enabled: entryId !== null,
  });
  const url = entry.data?.image_url ?? null;
  if (url === null)
    return (
      <Text c="dimmed" ta="center" maw={260}>
        {entryId !== null && entry.isPending ? '' : t('item.noPhotos')}
      </Text>
    );
  return (
    <figure className={classes.like}>
      <img src={url} alt={t('item.catalogueAlt', { title: item.title })} />
      <Text component="figcaption" size="sm" c="dimmed">
        {t('item.catalogueCaption')}
      </Text>
    </figure>
  );
}
