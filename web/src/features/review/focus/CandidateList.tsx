import { Button, Text, Title } from '@mantine/core';

import { Evidence } from './Evidence';
import classes from '../review.module.css';

import { Crop } from '@/components/detection/Crop';
import { Likelihood } from '@/components/Likelihood';
import { useTranslation } from '@/lib/i18n';
import type { Candidate } from '@/lib/wire/scan';

interface Props {
  candidates: readonly Candidate[];
  onChoose: (candidate: Candidate) => void;
}

export function CandidateList({ candidates, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={2} fz="1.3rem" mb="sm">
        {t('review.candidates')}
      </Title>
      {candidates.length === 0 && <Text c="dimmed">{t('review.noCandidates')}</Text>}
      <ol className={classes.candidates}>
        {candidates.map((candidate, index) => (
          <li
            key={candidate.catalogue_entry_id}
            className={classes.candidate}
            data-first={index === 0 || undefined}
          >
            <Crop
              url={candidate.image_url ?? null}
              alt={candidate.title}
              className={classes.reference}
            />
            <div>
              <Text className="serif" fz="1.1rem" lh={1.25}>
                {candidate.title}
              </Text>
              <Text size="sm" c="dimmed">
                {candidate.subtitle}
              </Text>
              <Likelihood score={candidate.score} />
              <Evidence evidence={candidate.evidence} />
              <Button
                variant={index === 0 ? 'filled' : 'default'}
                aria-label={t('review.acceptThis', { title: candidate.title })}
                onClick={() => onChoose(candidate)}
              >
                {t('review.accept')}
                {index < 9 && <kbd className={classes.key}>{index === 0 ? '↵' : index + 1}</kbd>}
              </Button>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
