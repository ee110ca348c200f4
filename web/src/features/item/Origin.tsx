import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

/** Where the record came from: a catalogue entry one tap away, or a person's hand. */
export function Origin({ item }: { item: Item }) {
  const { t } = useTranslation();
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('item.evidence')}
      </Title>
      {item.catalogue_entry_id === null ? (
        <Text c="dimmed">{t('item.byHand')}</Text>
      ) : (
        <Anchor
          renderRoot={(props) => (
            <Link
              to="/catalogue/entries/$entryId"
              params={{ entryId: item.catalogue_entry_id ?? '' }}
              {...props}
            />
          )}
        >
          {t('item.entry')}
        </Anchor>
      )}
    </section>
  );
}
