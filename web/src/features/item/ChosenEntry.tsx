import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { entryQuery } from './api/lookUp';
import classes from './item.module.css';

import { Crop } from '@/components/detection/Crop';
import type { EntryId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';

/** The entry that the new thing is one of; the server takes its facts over. */
export function ChosenEntry({ id, kind }: { id: EntryId; kind: string }) {
  const { t } = useTranslation();
  const entry = useQuery(entryQuery(id)).data;
  return (
    <section className={classes.lookUp}>
      <ul className={classes.found} data-bare>
        <li>
          <Crop
            url={entry?.image_url ?? null}
            alt={entry?.title ?? ''}
            className={classes.foundPicture}
          />
          <div>
            <Text className="serif">{t('item.lookUp.from', { title: entry?.title ?? '' })}</Text>
            <Text size="sm" c="dimmed">
              {t('item.lookUp.fromText')}
            </Text>
          </div>
          <Button
            variant="subtle"
            renderRoot={(props) => <Link to="/items/new" search={{ kind }} {...props} />}
          >
            {t('item.lookUp.drop')}
          </Button>
        </li>
      </ul>
    </section>
  );
}
