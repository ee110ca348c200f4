import { Button, Text, Title } from '@mantine/core';
import { useState } from 'react';

import { CandidateCard } from './CandidateCard';
import classes from '../review.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Candidate } from '@/lib/wire/scan';

/** Those that are worth a look at once; the rest is one press away. */
const SHOWN = 4;

interface Props {
  candidates: readonly Candidate[];
  /** Whether the first is likely enough to be the act that one press of Enter does. */
  sure: boolean;
  /** Whether the digits choose among them: those of one list on the page can. */
  numbered?: boolean;
  onChoose: (candidate: Candidate) => void;
}

export function CandidateList({ candidates, sure, numbered = true, onChoose }: Props) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? candidates : candidates.slice(0, SHOWN);
  const hidden = candidates.length - shown.length;
  return (
    <section>
      <Title order={2} fz="1.3rem" mb="sm">
        {t('review.candidates')}
      </Title>
      {candidates.length === 0 && <Text c="dimmed">{t('review.noCandidates')}</Text>}
      {candidates.length > 0 && !sure && (
        <Text c="dimmed" mb="sm">
          {t('review.unsure')}
        </Text>
      )}
      <ol className={classes.candidates}>
        {shown.map((candidate, index) => (
          <CandidateCard
            key={candidate.catalogue_entry_id}
            candidate={candidate}
            first={sure && index === 0}
            keyName={index === 0 && sure ? '↵' : numbered && index < 9 ? String(index + 1) : null}
            onChoose={() => onChoose(candidate)}
          />
        ))}
      </ol>
      {hidden > 0 && (
        <Button variant="subtle" mt="xs" onClick={() => setAll(true)}>
          {t('review.moreCandidates', { count: hidden })}
        </Button>
      )}
    </section>
  );
}
