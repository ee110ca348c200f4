import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** Filters leave nothing; one act takes them away. */
export function NothingFits({ onAll }: { onAll: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty title={t('collection.emptyFiltered.title')} text={t('collection.emptyFiltered.text')}>
      <Button variant="default" onClick={onAll}>
        {t('collection.emptyFiltered.act')}
      </Button>
    </Empty>
  );
}

export function CollectionEmpty({ trash }: { trash: boolean }) {
  const { t } = useTranslation();
  const { arranges } = useRights();
  if (trash)
    return (
      <Empty title={t('collection.emptyTrash.title')} text={t('collection.emptyTrash.text')} />
    );
  return (
    <Empty
      picture={<Cabinet />}
      title={t('collection.empty.title')}
      text={t(arranges ? 'collection.empty.text' : 'collection.empty.looking')}
    >
      {arranges && (
        <Button size="lg" renderRoot={(props) => <Link to="/scan" {...props} />}>
          {t('collection.scan')}
        </Button>
      )}
    </Empty>
  );
}
