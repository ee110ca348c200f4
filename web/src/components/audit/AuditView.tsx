import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

import { AuditFilters } from './AuditFilters';
import { AuditRow } from './AuditRow';
import { actionsQuery, type Asked, auditQuery, type Entry, type Sight } from './query';

import { PagedRows } from '@/components/rows/PagedRows';
import { useTranslation } from '@/lib/i18n';

interface Props {
  sight: Sight;
  asked: Asked;
  onAsk: (part: Asked) => void;
  /** Somebody's or some space's name; null for an id that none is known for. */
  useNames: (entries: readonly Entry[]) => (id: string) => string | null;
}

/** The log: what it is narrowed to, its entries, and more of them on request. */
export function AuditView({ sight, asked, onAsk, useNames }: Props) {
  const { t } = useTranslation();
  const log = useInfiniteQuery(auditQuery(sight, asked));
  const actions = useQuery(actionsQuery).data;
  const entries = useMemo(() => log.data?.pages.flatMap(({ rows }) => rows) ?? [], [log.data]);
  const nameOf = useNames(entries);
  const meanings = useMemo(
    () => new Map(actions?.map(({ action, meaning }) => [action, meaning])),
    [actions],
  );
  return (
    <>
      <AuditFilters
        sight={sight}
        asked={asked}
        onAsk={onAsk}
        actions={actions ?? []}
        nameOf={nameOf}
      />
      <PagedRows list={log} none={{ title: t('audit.none.title'), text: t('audit.none.text') }}>
        {(entry) => (
          <AuditRow
            key={entry.id}
            entry={entry}
            meaning={meanings.get(entry.action) ?? entry.action}
            nameOf={nameOf}
            sight={sight}
            onAsk={onAsk}
          />
        )}
      </PagedRows>
    </>
  );
}
