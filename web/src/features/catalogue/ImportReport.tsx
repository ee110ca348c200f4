import { Text, Title } from '@mantine/core';

import classes from './catalogue.module.css';

import type { ImportOut } from '@/api';
import type { Instant } from '@/lib/brand';
import { formatAgo, formatNumber } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** What became of a file: nothing of it is left out without a word here. */
export function ImportReport({ report }: { report: ImportOut }) {
  const { t } = useTranslation();
  const { file_name: file, error, started_at, finished_at } = report;
  const { read = 0, added = 0, changed = 0, unchanged = 0 } = report;
  const when = formatAgo((finished_at ?? started_at) as Instant, t('common.ago.now'));
  const left = [
    ...Object.entries(report.skipped).map(([reason, tally]) => ({
      text: t('catalogue.report.skipped', {
        reason: words(reason),
        count: tally.count,
        formatted: formatNumber(tally.count),
      }),
      examples: tally.examples,
    })),
    ...Object.entries(report.notes).map(([reason, tally]) => ({
      text: t('catalogue.report.notes', {
        reason: words(reason),
        count: tally.count,
        formatted: formatNumber(tally.count),
      }),
      examples: tally.examples,
    })),
  ];
  return (
    <section className={classes.report}>
      <Title order={2} fz="1.3rem" mb={4}>
        {t('catalogue.report.title')}
      </Title>
      <Text c={error === null ? 'dimmed' : 'danger'}>
        {error === null
          ? t('catalogue.report.done', { file, when })
          : t('catalogue.report.failed', { file, when, reason: error })}
      </Text>
      {read > 0 && (
        <Text className="figures">
          {t('catalogue.report.counts', {
            read: formatNumber(read),
            added: formatNumber(added),
            changed: formatNumber(changed),
            unchanged: formatNumber(unchanged),
          })}
        </Text>
      )}
      {left.length > 0 && (
        <ul>
          {left.map(({ text, examples }) => (
            <li key={text}>
              <Text className="figures">{text}</Text>
              {examples.length > 0 && (
                <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                  {t('catalogue.report.examples', { examples: examples.slice(0, 3).join('; ') })}
                </Text>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** A reason is a short code of the importer; its words are plain enough to be read as they are. */
const words = (reason: string): string => reason.replaceAll('_', ' ');
