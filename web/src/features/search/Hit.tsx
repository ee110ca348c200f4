import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import type { SearchHit } from './api/search';
import { Marked } from './Marked';
import classes from './search.module.css';

import { Picture } from '@/components/picture/Picture';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import { useStatusLabel } from '@/lib/kinds/statuses';
import { pictureOf } from '@/lib/wire/item';

export function Hit({ hit }: { hit: SearchHit }) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const status = useStatusLabel();
  const title = hit.highlights.find(({ field }) => field === 'title');
  const elsewhere = hit.highlights.filter(({ html }) => html !== title?.html).slice(0, 2);
  return (
    <li>
      <Link to="/items/$itemId" params={{ itemId: hit.item_id }} className={classes.hit}>
        <Picture
          picture={hit.cover_media_id === null ? null : pictureOf(hit.cover_media_id)}
          of={hit}
          sizes="88px"
          className={classes.picture}
        />
        <div>
          <Text className="serif" fz="1.2rem" lh={1.25}>
            {title ? <Marked html={title.html} /> : hit.title || t('common.untitled')}
          </Text>
          <Text c="dimmed">{hit.subtitle}</Text>
          {elsewhere.map(({ field, html }) => (
            <Text key={field} size="sm" lineClamp={2}>
              <Marked html={html} />
            </Text>
          ))}
          <Text size="sm" c="dimmed">
            {kind(hit.kind)} · {status(hit.status)}
          </Text>
        </div>
      </Link>
    </li>
  );
}
