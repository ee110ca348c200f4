import '@/lib/i18n/later';

import { useTabs } from './useTabs';

import { TabbedPage } from '@/components/rows/TabbedPage';
import { useTranslation } from '@/lib/i18n';

/** What all pages for those who look after the server stand in. */
export function AdminPage() {
  const { t } = useTranslation();
  return <TabbedPage title={t('admin.title')} tabs={useTabs()} />;
}
