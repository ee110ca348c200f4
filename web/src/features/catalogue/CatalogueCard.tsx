import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import classes from './catalogue.module.css';
import { stateOf } from './state';

import type { CatalogueOut } from '@/api';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';

export function CatalogueCard({ catalogue }: { catalogue: CatalogueOut }) {
  const { t } = useTranslation();
  const kind = useKindLabel();
  const state = stateOf(catalogue);
  const { ready = 0, pending = 0, failed = 0 } = catalogue.images;
  const pictures = ready + pending + failed;
  const facts = [
    catalogue.source && t('catalogue.source', { source: catalogue.source }),
    catalogue.licence && t('catalogue.licence', { licence: catalogue.licence }),
    t('catalogue.updated', {
      when: formatAgo(catalogue.updated_at as Instant, t('common.ago.now')),
    }),
  ];
  return (
    <Link to="/catalogue/$slug" params={{ slug: catalogue.slug }} className={classes.catalogue}>
      <Text size="sm" c="dimmed">
        {kind(catalogue.kind)}
      </Text>
      <Text className="serif" fz="1.35rem" lh={1.25}>
        {catalogue.name}
      </Text>
      {state === 'ready' ? (
        <Text className="figures" mt={4}>
          {t('catalogue.entries', {
            count: catalogue.entry_count,
            formatted: formatNumber(catalogue.entry_count),
          })}
        </Text>
      ) : (
        <Text mt={4} className={classes.state} data-failed={state === 'failed' || undefined}>
          {t(`catalogue.state.${state}`)}
        </Text>
      )}
      {pending > 0 && (
        <Text size="sm" c="dimmed" className="figures">
          {t('catalogue.images', { ready: formatNumber(ready), total: formatNumber(pictures) })}
        </Text>
      )}
      <Text size="sm" c="dimmed" mt="xs">
        {facts.filter(Boolean).join(' · ')}
      </Text>
    </Link>
  );
}
