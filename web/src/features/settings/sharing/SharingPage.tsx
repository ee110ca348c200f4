import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { Section } from '@/components/rows/Section';
import { ShareLinks } from '@/components/sharing/ShareLinks';
import type { Target } from '@/components/sharing/target';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { useMe } from '@/lib/session/session';
import type { Share } from '@/lib/shares/shares';
import { shelvesQuery } from '@/lib/shelves/shelves';

/** All links of the space in one place. */
export function SharingPage() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const shelves = useQuery(shelvesQuery).data ?? [];
  const owns = useMe().space_role === 'owner';
  const targets: Target[] = [
    ...(owns ? [{ target: 'space', id: null, name: t('sharing.targets.space') } as const] : []),
    ...shelves.map(({ id, name }): Target => ({ target: 'collection', id, name })),
  ];
  const named = ({ target }: Share) =>
    t(`sharing.targets.${target === 'item' || target === 'space' ? target : 'collection'}`);
  return (
    <Section title={t('sharing.title')} text={t('sharing.text')}>
      {arranges ? (
        <ShareLinks targets={targets} named={named} />
      ) : (
        <Text c="dimmed">{t('common.errors.forbidden')}</Text>
      )}
      <Text c="dimmed" size="sm" mt="md">
        {t('sharing.where')}
      </Text>
    </Section>
  );
}
