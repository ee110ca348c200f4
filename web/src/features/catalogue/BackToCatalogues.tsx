import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { useTranslation } from '@/lib/i18n';

export function BackToCatalogues() {
  const { t } = useTranslation();
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/catalogue" {...props} />}>
      {t('catalogue.back')}
    </Anchor>
  );
}
