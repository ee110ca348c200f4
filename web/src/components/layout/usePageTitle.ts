import { useEffect } from 'react';

import { useTranslation } from '@/lib/i18n';

/** Names the browser's tab after the page. */
export function usePageTitle(title: string | undefined): void {
  const { t } = useTranslation();
  useEffect(() => {
    document.title =
      title === undefined ? t('common.product') : `${title} · ${t('common.product')}`;
  }, [title, t]);
}
