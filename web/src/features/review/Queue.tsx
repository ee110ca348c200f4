import { Text } from '@mantine/core';

import classes from './review.module.css';
import type { Inbox } from './useInbox';

import { Crop } from '@/components/detection/Crop';
import { SelectBox } from '@/components/SelectBox';
import { useTranslation } from '@/lib/i18n';

export function Queue({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  return (
    <ol className={classes.queue} aria-label={t('review.queue')}>
      {inbox.waiting.map((detection, index) => {
        const best = detection.decision === 'unknown' ? undefined : detection.candidates[0];
        const title = best?.title ?? t('review.unknown');
        const current = detection.id === inbox.current?.id;
        return (
          <li key={detection.id} className={classes.waiting} data-current={current || undefined}>
            <div className={classes.check}>
              <SelectBox
                label={t('review.select', { number: index + 1 })}
                checked={inbox.chosen.has(detection.id)}
                onChange={() => inbox.toggle(detection.id)}
              />
            </div>
            <button
              type="button"
              className={classes.pick}
              aria-current={current ? 'true' : undefined}
              onClick={() => inbox.go(detection.id)}
            >
              <Crop
                url={detection.crop_url}
                alt={t('review.find', { number: index + 1, title })}
                className={classes.small}
              />
              <div>
                <Text size="sm" lineClamp={2}>
                  {title}
                </Text>
              </div>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
