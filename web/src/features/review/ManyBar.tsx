import { Button } from '@mantine/core';

import type { Inbox } from './useInbox';

import { groupsOf } from '@/lib/groupsOf';
import { useTranslation } from '@/lib/i18n';
import type { Waiting } from '@/lib/wire/scan';

/** From here on a first candidate may be accepted in one go with others. */
const VERY_LIKELY = 0.95;
/** As many as the server decides at once, and as it makes one of. */
const MOST = 200;
const MOST_MERGED = 60;

export function ManyBar({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const { waiting } = inbox;
  const chosen = waiting.filter(({ id }) => inbox.chosen.has(id));
  const acceptable = chosen.filter(({ candidates }) => candidates.length > 0);
  const likely = waiting.filter(({ candidates }) => (candidates[0]?.score ?? 0) >= VERY_LIKELY);
  const unknown = waiting.filter(({ decision }) => decision === 'unknown');
  const [first, ...others] = chosen.map(({ id }) => id);
  const mergeable =
    others.length > 0 &&
    chosen.length <= MOST_MERGED &&
    new Set(chosen.map(({ photo }) => photo.id)).size === 1;
  // A group for each act: each is told, refused and undone for itself.
  const each = (name: 'acceptMany' | 'again', some: readonly Waiting[]) => {
    for (const group of groupsOf(some, MOST)) inbox.act({ name, ids: group.map(({ id }) => id) });
  };

  if (first === undefined) {
    return (
      <>
        {unknown.length > 1 && (
          <Button
            variant="default"
            title={t('review.againHint')}
            onClick={() => each('again', unknown)}
          >
            {t('review.againMany', { count: unknown.length })}
          </Button>
        )}
        {likely.length > 0 && (
          <Button onClick={() => each('acceptMany', likely)}>
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
      <Button disabled={acceptable.length === 0} onClick={() => each('acceptMany', acceptable)}>
        {t('review.acceptMany', { count: acceptable.length })}
      </Button>
    </>
  );
}
