import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { BackTo } from '../BackTo';
import { QuotaForm } from './QuotaForm';
import classes from '../admin.module.css';
import { quotaQuery, someSpacesQuery, type SpaceLine, type Usage } from '../api/spaces';
import { useSpaceName } from './useSpaceName';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { formatNumber } from '@/lib/format/format';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/admin/spaces/$spaceId');

/** What one space uses and may use. */
export function QuotaPage() {
  const { t } = useTranslation();
  const { spaceId } = route.useParams();
  const space = useQuery(someSpacesQuery([spaceId])).data?.[0];
  const quota = useQuery(quotaQuery(spaceId));
  return (
    <div>
      <BackTo to="/admin/spaces" label={t('admin.quota.back')} />
      {quota.isPending && <Skeleton h={320} mt="md" />}
      <Failing of={quota} />
      {quota.data && (
        <>
          {space === undefined ? (
            <Section title={t('admin.quota.use')}>
              <InUse usage={quota.data} />
            </Section>
          ) : (
            <Named space={space} usage={quota.data} />
          )}
          <Section title={t('admin.quota.title')} text={t('admin.quota.text')}>
            <QuotaForm key={spaceId} spaceId={spaceId} usage={quota.data} />
          </Section>
        </>
      )}
    </div>
  );
}

function Named({ space, usage }: { space: SpaceLine; usage: readonly Usage[] }) {
  const { name, kind } = useSpaceName(space);
  return (
    <Section title={name} text={kind ?? undefined}>
      <InUse usage={usage} />
    </Section>
  );
}

function InUse({ usage }: { usage: readonly Usage[] }) {
  const { t } = useTranslation();
  return (
    <Stack gap="md" maw={420}>
      {usage.map(({ resource, used, limit, is_own }) => {
        const words = resource === 'storage_bytes' ? formatSize : formatNumber;
        return (
          <div key={resource}>
            <Text fw={600} size="sm">
              {t(`admin.quota.${resource}`)}
            </Text>
            <Text className="figures">
              {limit === 0
                ? t('admin.quota.free', { used: words(used) })
                : t('admin.quota.of', { used: words(used), limit: words(limit) })}{' '}
              <Text span c="dimmed" size="sm">
                ({t(is_own ? 'admin.quota.fromHere' : 'admin.quota.fromServer')})
              </Text>
            </Text>
            {limit > 0 && (
              <div className={classes.bar} data-full={used >= limit} aria-hidden>
                <div style={{ width: `${Math.min(100, (100 * used) / limit)}%` }} />
              </div>
            )}
          </div>
        );
      })}
    </Stack>
  );
}
