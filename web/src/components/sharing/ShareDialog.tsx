import { Text } from '@mantine/core';

import { ShareLinks } from './ShareLinks';
import type { Target } from './target';

import { Dialog } from '@/components/feedback/Dialog';
import { useTranslation } from '@/lib/i18n';

/** The links to one thing, opened from where the thing is. */
export function ShareDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog onClose={onClose} size="lg" title={t('sharing.shareThis', { name: target.name })}>
      <Text c="dimmed" mb="md">
        {t('sharing.text')}
      </Text>
      <ShareLinks targets={[target]} only />
    </Dialog>
  );
}
