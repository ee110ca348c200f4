import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { membersQuery } from '../api/spaces';

import { AuditView } from '@/components/audit/AuditView';
import type { Asked } from '@/components/audit/query';
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

/** Names of the members; who has left, and administrators, are somebody else. */
function useNames(): (id: string) => string | null {
  const { t } = useTranslation();
  const me = useMe();
  const members = useQuery(membersQuery(me.space_id)).data;
  const names = new Map(members?.map((each) => [each.user_id, each.display_name ?? each.email]));
  return (id) =>
    id === me.id
      ? t('audit.you')
      : id === me.space_id
        ? t('settings.history.here')
        : (names.get(id) ?? null);
}
