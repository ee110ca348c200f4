import '@/lib/i18n/later';

import { tabs } from './tabs';

import { TabbedPage } from '@/components/rows/TabbedPage';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

/** What all pages of the settings stand in. */
export function SettingsPage() {
  const { t } = useTranslation();
  const owns = useMe().space_role === 'owner';
  return (
    <TabbedPage
      title={t('settings.title')}
      tabs={tabs
        .filter((tab) => owns || !tab.owner)
        .map(({ name, to }) => ({ to, label: t(`settings.tabs.${name}`) }))}
    />
  );
}
