import { Button, Stack, Text } from '@mantine/core';

import { explain } from '@/lib/http/explain';
import { useTranslation } from '@/lib/i18n';

interface Paged {
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

/** Below a list that goes on: the act that loads more of it, and why that failed. */
export function More({ of }: { of: Paged }) {
  const { t } = useTranslation();
  if (!of.hasNextPage) return null;
  return (
    <Stack align="flex-start" gap="xs" mt="md">
      {of.isFetchNextPageError && (
        <Text c="danger" role="alert">
          {explain(of.error).text}
        </Text>
      )}
      <Button
        variant="default"
        loading={of.isFetchingNextPage}
        onClick={() => void of.fetchNextPage()}
      >
        {t('common.loadMore')}
      </Button>
    </Stack>
  );
}
