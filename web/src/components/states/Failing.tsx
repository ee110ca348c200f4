import { Button, Stack, Text, Title } from '@mantine/core';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

interface Props {
  error: unknown;
  retry?: () => unknown;
}

/** A part of a page that could not be loaded. */
export function Failing({ error, retry }: Props) {
  const { t } = useTranslation();
  const { text, reference } = explain(error);
  return (
    <Stack align="flex-start" gap="sm" py="xl" role="alert">
      <Title order={3}>{t('common.errors.load')}</Title>
      <Text c="dimmed" maw={560}>
        {text}
      </Text>
      {reference !== null && (
        <Text size="sm" c="dimmed" className="figures">
          {t('common.errors.reference', { id: reference })}
        </Text>
      )}
      {retry && (
        <Button variant="default" onClick={() => void retry()}>
          {t('common.retry')}
        </Button>
      )}
    </Stack>
  );
}
