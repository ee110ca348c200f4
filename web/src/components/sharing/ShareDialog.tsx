import { Modal, Text } from '@mantine/core';

import { ShareLinks } from './ShareLinks';
import type { Target } from './target';

import { useTranslation } from '@/lib/i18n';

/** The links to one thing, opened from where the thing is. */
export function ShareDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('sharing.shareThis', { name: target.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text c="dimmed" mb="md">
        {t('sharing.text')}
      </Text>
      <ShareLinks targets={[target]} only />
    </Modal>
  );
}
