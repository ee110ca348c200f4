import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import type { Entry } from './api/entry';
import classes from './catalogue.module.css';

import { Crop } from '@/components/detection/Crop';

interface Props {
  entry: Entry;
  /** How it stands to the person: their own, or corrected by them. */
  mark?: string;
}

export function EntryRow({ entry, mark }: Props) {
  return (
    <li>
      <Link
        to="/catalogue/entries/$entryId"
        params={{ entryId: entry.id }}
        className={classes.entry}
      >
        <Crop url={entry.image_url} alt={entry.title} className={classes.thumb} />
        <div>
          <Text className={`serif ${classes.name ?? ''}`} lineClamp={2}>
            {entry.title}
          </Text>
          <Text size="sm" c="dimmed" lineClamp={1}>
            {entry.subtitle}
          </Text>
          {mark !== undefined && (
            <Text size="sm" c="accent">
              {mark}
            </Text>
          )}
        </div>
      </Link>
    </li>
  );
}
