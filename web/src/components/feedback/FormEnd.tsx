import { Button, Group, Text } from '@mantine/core';

import { useTranslation } from '@/lib/i18n';

interface Props {
  act: string;
  isPending: boolean;
  trouble?: string | null;
  onCancel: () => void;
}

/** Below the fields of a form: why it was refused, its act, and the way out. */
export function FormEnd({ act, isPending, trouble = null, onCancel }: Props) {
  const { t } = useTranslation();
  return (
    <>
      {trouble !== null && (
        <Text c="danger" role="alert">
          {trouble}
        </Text>
      )}
      <Group>
        <Button type="submit" loading={isPending}>
          {act}
        </Button>
        <Button variant="default" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </Group>
    </>
  );
}
