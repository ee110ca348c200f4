import '@/lib/i18n/later';

import { Tooltip } from '@mantine/core';

import classes from './Evidence.module.css';
import { matchWord, type ReadSignal, readSignal } from './readSignal';

import { likelihood } from '@/components/likelihood';
import type { Share } from '@/lib/brand';
import { formatNumber, formatShare } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import type { Signal } from '@/lib/wire/scan';

/** What speaks for a candidate, in words; the measured figures on hover, focus or tap. */
export function Evidence({ evidence }: { evidence: Record<string, Signal> }) {
  const signals = Object.entries(evidence).flatMap(
    ([name, signal]) => readSignal(name, signal) ?? [],
  );
  return (
    <ul className={classes.signals}>
      {signals.map((signal) => (
        <li key={signal.name}>
          <SignalWords signal={signal} />
        </li>
      ))}
    </ul>
  );
}

function SignalWords({ signal: { name, score, share, facts } }: { signal: ReadSignal }) {
  const { t } = useTranslation();
  const label = t(`review.signals.${name}`);
  const word =
    score !== null
      ? t(`common.likelihood.${likelihood(score)}`)
      : share !== null
        ? t(`review.match.${matchWord(share)}`)
        : null;
  const told = word === null ? label : t('review.signal', { signal: label, word });
  const figures = facts.map(({ fact, value }) =>
    t(`review.facts.${fact}`, {
      value: typeof value === 'number' ? formatNumber(value) : value,
      percent: typeof value === 'number' ? formatShare(value as Share) : value,
    }),
  );
  if (score !== null) figures.unshift(formatShare(score));
  if (figures.length === 0) return told;
  return (
    <Tooltip label={figures.join(' · ')}>
      {/* Focusable, since the figures must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <span tabIndex={0}>{told}</span>
    </Tooltip>
  );
}
