import { Tooltip } from '@mantine/core';

import { readSignal } from './readSignal';
import classes from '../review.module.css';

import { likelihood } from '@/components/likelihood';
import { formatNumber, formatShare } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import type { Signal } from '@/lib/wire/scan';

/** What speaks for a candidate, in words; the measured figures on hover, focus or tap. */
export function Evidence({ evidence }: { evidence: Record<string, Signal> }) {
  const { t } = useTranslation();
  const signals = Object.entries(evidence).flatMap(
    ([name, signal]) => readSignal(name, signal) ?? [],
  );
  return (
    <ul className={classes.signals}>
      {signals.map(({ name, label, score, facts }) => {
        const figures = facts.map(({ fact, value }) =>
          t(`review.facts.${fact}`, {
            value: typeof value === 'number' ? formatNumber(value) : value,
            percent: typeof value === 'number' ? formatShare(value as never) : value,
          }),
        );
        const tip = [score === null ? null : formatShare(score), ...figures]
          .filter((part) => part !== null)
          .join(' · ');
        const signal = label === null ? name : t(`review.signals.${label}`);
        const word =
          score === null
            ? signal
            : t('review.signal', { signal, word: t(`common.likelihood.${likelihood(score)}`) });
        return (
          <li key={name}>
            {tip === '' ? (
              word
            ) : (
              <Tooltip label={tip}>
                {/* Focusable, since the figures must be reachable by keyboard. */}
                {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
                <span tabIndex={0}>{word}</span>
              </Tooltip>
            )}
          </li>
        );
      })}
    </ul>
  );
}
