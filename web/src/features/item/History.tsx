import { Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { type HistoryEntry, historyQuery } from './api/listHistory';
import classes from './item.module.css';
import { useChangeWords } from './useChangeWords';

import { Failing } from '@/components/states/Failing';
import type { ItemId } from '@/lib/brand';
import { formatMoment } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import type { Kind } from '@/lib/wire/kind';

const ACTS = ['created', 'updated', 'trashed', 'restored'] as const;

type Act = (typeof ACTS)[number];

const isAct = (action: string): action is Act => (ACTS as readonly string[]).includes(action);

export function History({ id, kind }: { id: ItemId; kind: Kind | undefined }) {
  const { t } = useTranslation();
  const history = useQuery(historyQuery(id));
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('item.history')}
      </Title>
      {history.isPending && <Skeleton h={60} />}
      <Failing of={history} />
      {history.data?.length === 0 && <Text c="dimmed">{t('item.historyEmpty')}</Text>}
      <ol className={classes.history}>
        {history.data?.map((entry, index) => (
          <Entry key={index} entry={entry} kind={kind} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry, kind }: { entry: HistoryEntry; kind: Kind | undefined }) {
  const { t } = useTranslation();
  const me = useMe();
  const tell = useChangeWords(kind);
  return (
    <li>
      <Text>{isAct(entry.action) ? t(`item.acts.${entry.action}`) : entry.action}</Text>
      {entry.changes.map((change) => (
        <Text key={change.field} size="sm">
          {tell(change)}
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {entry.actor === null
          ? formatMoment(entry.at)
          : t('item.by', {
              who: entry.actor === me.id ? (me.display_name ?? me.email) : t('item.someone'),
              when: formatMoment(entry.at),
            })}
      </Text>
    </li>
  );
}
