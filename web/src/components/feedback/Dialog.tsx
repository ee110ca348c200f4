import { Modal, type ModalProps } from '@mantine/core';

import { useFocusBack } from './useFocusBack';

import { useTranslation } from '@/lib/i18n';

type Props = Omit<ModalProps, 'opened'>;

/** A dialog that stands as long as it is rendered; closed, the keyboard goes on where it was. */
export function Dialog(props: Props) {
  const { t } = useTranslation();
  useFocusBack();
  return <Modal opened closeButtonProps={{ 'aria-label': t('common.close') }} {...props} />;
}
