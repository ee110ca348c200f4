import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import classes from './item.module.css';

import { useTranslation } from '@/lib/i18n';

export function Tags({ tags }: { tags: readonly string[] }) {
  const { t } = useTranslation();
  if (tags.length === 0) return null;
  return (
    <Group gap={8} mb="md" role="list" aria-label={t('item.tags')}>
      {tags.map((tag) => (
        <span key={tag} role="listitem">
          <Link to="/collection" search={{ tag }} className={classes.tag}>
            {tag}
          </Link>
        </span>
      ))}
    </Group>
  );
}
