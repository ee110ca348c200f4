import { Button } from '@mantine/core';

import type { Inbox } from './useInbox';

import { useTranslation } from '@/lib/i18n';
import type { Waiting } from '@/lib/wire/scan';

/** From here on a first candidate may be accepted in one go with others. */
const VERY_LIKELY = 0.95;

export function ManyBar({ inbox, waiting }: { inbox: Inbox; waiting: readonly Waiting[] }) {
  const { t } = useTranslation();
  const chosen = waiting.filter(({ id }) => inbox.chosen.has(id));
  const acceptable = chosen.filter(({ candidates }) => candidates.length > 0);
  const likely = waiting.filter(({ candidates }) => (candidates[0]?.score ?? 0) >= VERY_LIKELY);
  const ids = (some: readonly Waiting[]) => some.map(({ id }) => id);
  const [first, ...others] = ids(chosen);
  const mergeable = others.length > 0 && new Set(chosen.map(({ photo }) => photo.id)).size === 1;

  if (first === undefined) {
    if (likely.length === 0) return null;
    return (
      <Button onClick={() => inbox.act({ name: 'acceptMany', ids: ids(likely) })}>
        {t('review.acceptLikely', { count: likely.length })}
      </Button>
    );
  }
  return (
    <>
      <Button
        variant="default"
        disabled={!mergeable}
        title={mergeable ? undefined : t('review.mergeHint')}
        onClick={() => inbox.act({ name: 'merge', id: first, others })}
      >
        {t('review.merge', { count: chosen.length })}
      </Button>
      <Button
        disabled={acceptable.length === 0}
        onClick={() => inbox.act({ name: 'acceptMany', ids: ids(acceptable) })}
      >
        {t('review.acceptMany', { count: acceptable.length })}
      </Button>
    </>
  );
}
