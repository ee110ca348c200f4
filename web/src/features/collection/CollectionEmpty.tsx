import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';

export function CollectionEmpty({ trash, filtered }: { trash: boolean; filtered: boolean }) {
  const { t } = useTranslation();
  if (filtered) {
    return (
      <Empty title={t('collection.emptyFiltered.title')} text={t('collection.emptyFiltered.text')}>
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/collection" search={trash ? { trash } : {}} {...props} />
          )}
        >
          {t('collection.emptyFiltered.act')}
        </Button>
      </Empty>
    );
  }
  if (trash)
    return (
      <Empty title={t('collection.emptyTrash.title')} text={t('collection.emptyTrash.text')} />
    );
  return (
    <Empty
      picture={<Cabinet />}
      title={t('collection.empty.title')}
      text={t('collection.empty.text')}
    >
      <Button size="lg" renderRoot={(props) => <Link to="/scan" {...props} />}>
        {t('collection.scan')}
      </Button>
    </Empty>
  );
}
