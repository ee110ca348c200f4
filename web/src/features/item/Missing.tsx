import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { useTranslation } from '@/lib/i18n';

export function Missing() {
  const { t } = useTranslation();
  return (
    <EmptyPage picture={<Cabinet />} title={t('item.missing.title')} text={t('item.missing.text')}>
      <Button renderRoot={(props) => <Link to="/collection" {...props} />}>
        {t('item.missing.act')}
      </Button>
    </EmptyPage>
  );
}
