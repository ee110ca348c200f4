import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { Section } from '@/components/rows/Section';
import { ShareLinks } from '@/components/sharing/ShareLinks';
import type { Target } from '@/components/sharing/target';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import type { Share } from '@/lib/shares/shares';
import { shelvesQuery } from '@/lib/shelves/shelves';

/** All links of the space in one place. */
export function SharingPage() {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const shelves = useQuery(shelvesQuery).data ?? [];
  const targets: [Target, ...Target[]] = [
    { target: 'space', id: null, name: t('sharing.targets.space') },
    ...shelves.map(({ id, name }): Target => ({ target: 'collection', id, name })),
  ];
  const named = ({ target }: Share) =>
    t(target === 'item' ? 'sharing.targets.item' : 'sharing.targets.collection');
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
