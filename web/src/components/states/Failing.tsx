import { Button, Stack, Text, Title } from '@mantine/core';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

interface Asked {
  error: unknown;
  isLoadingError: boolean;
  refetch: () => unknown;
}

/**
 * A part of a page that could not be loaded. Once it was, it stays when it cannot be loaded anew;
 * that it is old is told by StaleBanner.
 */
export function Failing({ of }: { of: Asked }) {
  return of.isLoadingError && <Trouble error={of.error} retry={of.refetch} />;
}

interface Props {
  error: unknown;
  retry: () => unknown;
}

/** What went wrong, and another try. */
export function Trouble({ error, retry }: Props) {
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
      <Button variant="default" onClick={() => void retry()}>
        {t('common.retry')}
      </Button>
    </Stack>
  );
}
