import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { archivesQuery, downloadArchive, isUnderWay, makeArchive } from '../api/data';

import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';

/** The way out of a deletion with everything in hand. */
export function ArchiveFirst() {
  const { t } = useTranslation();
  const renews = [['archives']];
  const newest = useQuery(archivesQuery).data?.[0];
  const make = useAct(makeArchive, { renews });
  const download = useAct(downloadArchive, { renews });
  if (newest !== undefined && isUnderWay(newest))
    return (
      <Text role="status" c="dimmed">
        {t('data.archive.asked')}
      </Text>
    );
  if (newest?.status === 'ready')
    return (
      <Button variant="default" w="fit-content" onClick={() => download.mutate(newest.id)}>
        {t('data.close.downloadFirst')}
      </Button>
    );
  return (
    <Button
      variant="default"
      w="fit-content"
      loading={make.isPending}
      onClick={() => make.mutate()}
    >
      {t('data.close.archiveFirst')}
    </Button>
  );
}
