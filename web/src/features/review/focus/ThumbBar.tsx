import { ActionIcon, Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';

import classes from '../review.module.css';

import { useTranslation } from '@/lib/i18n';
import type { Candidate } from '@/lib/wire/scan';

interface Props {
  best: Candidate | null;
  onAccept: (candidate: Candidate) => void;
  onType: () => void;
  onDiscard: () => void;
}

/** On phones the decision is in reach of the thumb, whatever the page is scrolled to. */
export function ThumbBar({ best, onAccept, onType, onDiscard }: Props) {
  const { t } = useTranslation();
  return (
    <div className={classes.thumb} data-thumb-bar>
      <ActionIcon color="danger" aria-label={t('review.discard')} onClick={onDiscard}>
        <IconTrash aria-hidden />
      </ActionIcon>
      {best === null ? (
        <Button onClick={onType}>{t('review.type')}</Button>
      ) : (
        <Button onClick={() => onAccept(best)}>
          {t('review.acceptThis', { title: best.title })}
        </Button>
      )}
    </div>
  );
}
