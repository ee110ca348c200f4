import { Button, Group } from '@mantine/core';
import { useState } from 'react';

import { CandidateList } from './focus/CandidateList';
import { Look } from './focus/Look';
import { SplitSheet } from './focus/SplitSheet';
import { ThumbBar } from './focus/ThumbBar';
import { TypeNumber } from './focus/TypeNumber';
import { useReviewKeys } from './focus/useReviewKeys';
import classes from './review.module.css';
import type { Inbox } from './useInbox';

import { useTranslation } from '@/lib/i18n';
import type { Candidate, Waiting } from '@/lib/wire/scan';

/** The find in front: what it looks like, what it may be, and the acts. */
export function Deciding({ detection, inbox }: { detection: Waiting; inbox: Inbox }) {
  const { t } = useTranslation();
  const [typing, setTyping] = useState(false);
  const [splitting, setSplitting] = useState(false);
  const { id, candidates } = detection;
  const sure = detection.decision !== 'unknown' && candidates.length > 0;

  // By its entry, not as "the first": looked at again, another may have become that meanwhile.
  const choose = ({ title, catalogue_entry_id }: Candidate) =>
    inbox.act({ name: 'choose', id, title, choice: { catalogue_entry_id } });
  const keepAs = (title: string) =>
    inbox.act({ name: 'choose', id, title, choice: { title, kind: detection.kind } });
  const discard = () => inbox.act({ name: 'discard', id });
  const again = () => inbox.act({ name: 'again', ids: [id] });

  useReviewKeys({
    inbox,
    candidates,
    sure,
    choose,
    discard,
    again,
    type: () => setTyping(true),
    split: () => setSplitting(true),
    enabled: !splitting,
  });

  return (
    <>
      <Look detection={detection} />
      <div>
        <CandidateList candidates={candidates} sure={sure} onChoose={choose} />
        {typing || !sure ? (
          <TypeNumber
            detection={detection}
            onChoose={choose}
            onKeepAs={keepAs}
            autoFocus={typing}
          />
        ) : (
          <Button variant="default" fullWidth mt="sm" onClick={() => setTyping(true)}>
            {t('review.type')}
            <kbd className={classes.key}>T</kbd>
          </Button>
        )}
        <Group className={classes.acts ?? ''}>
          <Button variant="subtle" onClick={() => setSplitting(true)}>
            {t('review.split')}
            <kbd className={classes.key}>S</kbd>
          </Button>
          <Button variant="subtle" title={t('review.againHint')} onClick={again}>
            {t('review.again')}
            <kbd className={classes.key}>L</kbd>
          </Button>
          <Button variant="subtle" color="danger" onClick={discard}>
            {t('review.discard')}
            <kbd className={classes.key}>D</kbd>
          </Button>
        </Group>
      </div>
      <ThumbBar
        best={sure ? (candidates[0] ?? null) : null}
        onAccept={choose}
        onDiscard={discard}
        onType={() => setTyping(true)}
      />
      {splitting && (
        <SplitSheet
          detection={detection}
          onClose={() => setSplitting(false)}
          onSplit={(boxes) => inbox.act({ name: 'split', id, boxes })}
        />
      )}
    </>
  );
}
