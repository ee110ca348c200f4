import { Button, Text } from '@mantine/core';

import classes from '../review.module.css';

import { Crop } from '@/components/detection/Crop';
import { Evidence } from '@/components/detection/Evidence';
import { Likelihood } from '@/components/Likelihood';
import { useTranslation } from '@/lib/i18n';
import type { Candidate } from '@/lib/wire/scan';

interface Props {
  candidate: Candidate;
  first: boolean;
  keyName: string | null;
  onChoose: () => void;
}

export function CandidateCard({ candidate, first, keyName, onChoose }: Props) {
  const { t } = useTranslation();
  return (
    <li className={classes.candidate} data-first={first || undefined}>
      <Crop url={candidate.image_url} alt={candidate.title} className={classes.reference} />
      <div>
        <Text className="serif" fz="1.1rem" lh={1.25}>
          {candidate.title}
        </Text>
        <Text size="sm" c="dimmed">
          {candidate.subtitle}
        </Text>
        <Likelihood score={candidate.score} />
        <Evidence evidence={candidate.evidence} />
        <Button variant={first ? 'filled' : 'default'} onClick={onChoose}>
          {t('review.accept')}
          <span className="visually-hidden">&nbsp;{candidate.title}</span>
          {keyName !== null && (
            <kbd className={classes.key} aria-hidden>
              {keyName}
            </kbd>
          )}
        </Button>
      </div>
    </li>
  );
}
