import { Button } from '@mantine/core';

import type { Inbox } from './useInbox';

import { useTranslation } from '@/lib/i18n';
import type { Waiting } from '@/lib/wire/scan';

/** From here on a first candidate may be accepted in one go with others. */
const VERY_LIKELY = 0.95;
/** As many as the server takes at once. */
const MOST = 200;

export function ManyBar({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const { waiting } = inbox;
  const chosen = waiting.filter(({ id }) => inbox.chosen.has(id));
  const acceptable = chosen.filter(({ candidates }) => candidates.length > 0);
  const likely = waiting.filter(({ candidates }) => (candidates[0]?.score ?? 0) >= VERY_LIKELY);
  const unknown = waiting.filter(({ decision }) => decision === 'unknown').slice(0, MOST);
  const ids = (some: readonly Waiting[]) => some.map(({ id }) => id);
  const [first, ...others] = ids(chosen);
  const mergeable = others.length > 0 && new Set(chosen.map(({ photo }) => photo.id)).size === 1;

  if (first === undefined) {
    return (
      <>
        {unknown.length > 1 && (
          <Button
            variant="default"
            title={t('review.againHint')}
            onClick={() => inbox.act({ name: 'again', ids: ids(unknown) })}
          >
            {t('review.againMany', { count: unknown.length })}
          </Button>
        )}
        {likely.length > 0 && (
          <Button onClick={() => inbox.act({ name: 'acceptMany', ids: ids(likely) })}>
            {t('review.acceptLikely', { count: likely.length })}
          </Button>
        )}
      </>
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
