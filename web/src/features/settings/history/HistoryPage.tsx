import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { membersQuery } from '../api/spaces';

import { AuditView } from '@/components/audit/AuditView';
import type { Asked, Entry } from '@/components/audit/query';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/settings/history');

/** What happened in the space that one owns, and who did it. */
export function HistoryPage() {
  const { t } = useTranslation();
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const onAsk = (part: Asked) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <Section title={t('settings.history.title')} text={t('settings.history.text')}>
      <AuditView sight="space" asked={asked} onAsk={onAsk} useNames={useNames} />
    </Section>
  );
}

/** Names of the members; who has left, or helped from outside, has none that is told here. */
function useNames(entries: readonly Entry[]): (id: string) => string | null {
  const { t } = useTranslation();
  const me = useMe();
  const members = useQuery(membersQuery(me.space_id)).data;
  const names = new Map(members?.map((each) => [each.user_id, each.display_name ?? each.email]));
  const people = new Set(entries.flatMap(({ actor, impersonator }) => [actor, impersonator]));
  return (id) => {
    if (id === me.id) return t('audit.you');
    if (id === me.space_id) return t('settings.history.here');
    return names.get(id) ?? (people.has(id) ? t('settings.history.outside') : null);
  };
}
