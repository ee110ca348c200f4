import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { FoundInScan } from './FoundInScan';
import classes from './item.module.css';

import type { DetectionId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { Item } from '@/lib/wire/item';

/** Where the record came from: a scan with its evidence, a catalogue entry, or a person's hand. */
export function Origin({ item }: { item: Item }) {
  const { t } = useTranslation();
  const detection = detectionOf(item);
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('item.evidence')}
      </Title>
      {detection !== null && <FoundInScan id={detection} entry={item.catalogue_entry_id} />}
      {item.catalogue_entry_id !== null && (
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
      {detection === null && item.catalogue_entry_id === null && (
        <Text c="dimmed">{t('item.byHand')}</Text>
      )}
    </section>
  );
}

/** The find that the recognition room says this item was made from. */
function detectionOf(item: Item): DetectionId | null {
  const told = item.extensions.recognition;
  if (typeof told !== 'object' || told === null || !('detection_id' in told)) return null;
  return typeof told.detection_id === 'string' ? (told.detection_id as DetectionId) : null;
}
