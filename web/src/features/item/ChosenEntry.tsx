import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { entryQuery } from './api/lookUp';
import classes from './item.module.css';
import { NewItemForm } from './NewItemForm';

import { Crop } from '@/components/detection/Crop';
import { Failing } from '@/components/states/Failing';
import type { EntryId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import type { FieldValue } from '@/lib/wire/item';
import type { Kind } from '@/lib/wire/kind';

/** A new thing that is one of a catalogue's entries: its facts stand in the form already. */
export function ChosenEntry({ id, kind }: { id: EntryId; kind: Kind }) {
  const { t } = useTranslation();
  const found = useQuery(entryQuery(id));
  if (found.isPending) return <Skeleton h={320} aria-busy />;
  if (found.isLoadingError) return <Failing of={found} />;
  const entry = found.data;
  return (
    <>
      <section className={classes.lookUp}>
        <ul className={classes.found} data-bare>
          <li>
            <Crop url={entry.image_url} alt={entry.title} className={classes.foundPicture} />
            <div>
              <Text className="serif">{t('item.lookUp.from', { title: entry.title })}</Text>
              <Text size="sm" c="dimmed">
                {t('item.lookUp.fromText')}
              </Text>
            </div>
            <Button
              variant="subtle"
              renderRoot={(props) => (
                <Link to="/items/new" search={{ kind: kind.name }} {...props} />
              )}
            >
              {t('item.lookUp.drop')}
            </Button>
          </li>
        </ul>
      </section>
      <NewItemForm kind={kind} entry={{ id, fields: entry.fields as Record<string, FieldValue> }} />
    </>
  );
}
