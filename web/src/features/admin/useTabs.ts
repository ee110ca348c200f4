import type { Tab } from '@/components/rows/TabbedPage';
import { useTranslation } from '@/lib/i18n';
import { adminPagesOf } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

/** The pages that the caller may open. */
export function useTabs(): Tab[] {
  const { t } = useTranslation();
  const me = useMe();
  return adminPagesOf(me).map(({ name, to }) => ({
    to,
    label: t(`admin.tabs.${name}`),
    hasPages: true,
  }));
}
