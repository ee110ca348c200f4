import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { nameOf, namedQuery } from '../api/people';
import { someSpacesQuery } from '../api/spaces';

import { AuditView } from '@/components/audit/AuditView';
import { type Asked, type Entry, parametersOf } from '@/components/audit/query';
import { idsIn } from '@/components/audit/words';
import { Section } from '@/components/rows/Section';
import { useTranslation } from '@/lib/i18n';
import { may } from '@/lib/session/permissions';
import { useMe } from '@/lib/session/session';

const route = getRouteApi('/inside/admin/audit');

/** All that was written down on this server. */
export function AuditPage() {
  const { t } = useTranslation();
  const asked = route.useSearch();
  const navigate = route.useNavigate();
  const onAsk = (part: Asked) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <Section title={t('admin.audit.title')} text={t('admin.audit.text')}>
      <AuditView sight="server" asked={asked} onAsk={onAsk} useNames={useNames} />
      <Group gap="xs" mt="lg">
        <Text c="dimmed">{t('admin.audit.export')}</Text>
        {(['csv', 'jsonl'] as const).map((form) => (
          <Button
            key={form}
            variant="default"
            component="a"
            href={exportOf(asked, form)}
            download={`audit.${form}`}
            aria-label={`${t('admin.audit.export')}: ${t(`admin.audit.${form}`)}`}
          >
            {t(`admin.audit.${form}`)}
          </Button>
        ))}
      </Group>
    </Section>
  );
}

/** Names of people and spaces as the ids in the entries ask for them. */
function useNames(entries: readonly Entry[]): (id: string) => string | null {
  const { t } = useTranslation();
  const me = useMe();
  const { actor, space } = route.useSearch();
  const asked = [actor, space].filter((id) => id !== undefined);
  const ids = [...new Set([...idsIn(entries), ...asked])].sort();
  const named = useQuery({
    ...namedQuery(ids),
    enabled: ids.length > 0 && may(me, 'users:manage'),
    placeholderData: (before) => before,
  }).data;
  const people = new Map(named?.map((person) => [person.id, nameOf(person)]));
  // A person's own space has their id; what is left may be a space of several.
  const shared = entries
    .flatMap(({ space_id }) => (space_id !== null && !people.has(space_id) ? [space_id] : []))
    .filter((id, index, all) => all.indexOf(id) === index)
    .sort();
  const spaces = useQuery({
    ...someSpacesQuery(shared),
    enabled: named !== undefined && shared.length > 0 && may(me, 'spaces:manage'),
    placeholderData: (before) => before,
  }).data;
  const rooms = new Map(spaces?.map(({ id, name }) => [id, name]));
  return (id) => (id === me.id ? t('audit.you') : (people.get(id) ?? rooms.get(id) ?? null));
}

function exportOf(asked: Asked, form: 'csv' | 'jsonl'): string {
  const parameters = new URLSearchParams({ format: form });
  for (const [key, value] of Object.entries(parametersOf(asked)))
    if (typeof value === 'string') parameters.set(key, value);
  return `/api/v1/admin/audit/export?${parameters}`;
}
