import { Progress, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { usageQuery } from '../api/spaces';
import classes from '../settings.module.css';

import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { formatNumber } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';
import type { Space } from '@/lib/session/spaces';

/** How much is used, and of how much where there is a bound. */
export function Usage({ space }: { space: Space }) {
  const { t } = useTranslation();
  const usage = useQuery(usageQuery(space.id));
  return (
    <Section
      title={
        space.name === null
          ? t('settings.usage.own')
          : t('settings.usage.title', { name: space.name })
      }
    >
      {usage.isPending && <Skeleton h={120} />}
      <Failing of={usage} />
      <ul className={classes.fields}>
        {usage.data
          // Nobody asks what a model cost where none was paid and nothing bounds it.
          ?.filter(({ resource, used, limit }) => resource !== 'model_calls' || used + limit > 0)
          .map(({ resource, used, limit }) => {
            const told = resource === 'storage_bytes' ? formatSize : formatNumber;
            return (
              <Row
                key={resource}
                title={t(`settings.usage.${resource}`)}
                text={
                  <>
                    <span className="figures">
                      {limit === 0
                        ? t('settings.usage.free', { used: told(used) })
                        : t('settings.usage.of', { used: told(used), limit: told(limit) })}
                    </span>
                    {limit > 0 && (
                      <Progress
                        mt={8}
                        value={Math.min(100, (used / limit) * 100)}
                        aria-label={t(`settings.usage.${resource}`)}
                      />
                    )}
                    {limit > 0 && used >= limit && resource !== 'model_calls' && (
                      <Text size="sm" c="danger" mt={6}>
                        {t('settings.usage.full')}
                      </Text>
                    )}
                  </>
                }
              />
            );
          })}
      </ul>
    </Section>
  );
}
