import { Text, Tooltip } from '@mantine/core';

import { likelihood } from './likelihood';

import type { Share } from '@/lib/brand';
import { formatShare } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** A calibrated probability in words; the figure comes on hover, focus or tap. */
export function Likelihood({ score }: { score: Share }) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t('common.likelihood.figure', { percent: formatShare(score) })}>
      {/* Focusable, since the figure must be reachable by keyboard. */}
      {}
      <Text
        span
        fw={600}
        tabIndex={0}
        style={{ textDecoration: 'underline dotted', textUnderlineOffset: 4 }}
      >
        {t(`common.likelihood.${likelihood(score)}`)}
      </Text>
    </Tooltip>
  );
}
