import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import type { Entry } from './api/entry';
import { useEntryActs } from './useEntryActs';

import { AskFirst } from '@/components/feedback/AskFirst';
import { cataloguesQuery } from '@/lib/catalogues';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

interface Props {
  entry: Entry;
  editing: boolean;
  onEdit: () => void;
}

export function EntryHead({ entry, editing, onEdit }: Props) {
  const { t } = useTranslation();
  const { edits, arranges } = useRights();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const { takeBack, remove } = useEntryActs(
    entry,
    () => void navigate({ to: '/catalogue/own', replace: true }),
  );
  const slug = entry.catalogue;
  const name = useQuery(cataloguesQuery).data?.find((known) => known.slug === slug)?.name;
  return (
    <header>
      <Anchor
        size="sm"
        renderRoot={(props) =>
          slug === null ? (
            <Link to="/catalogue/own" {...props} />
          ) : (
            <Link to="/catalogue/$slug" params={{ slug }} {...props} />
          )
        }
      >
        {slug === null ? t('catalogue.own.title') : (name ?? slug)}
      </Anchor>
      <Title order={1} lh={1.12}>
        {entry.title}
      </Title>
      <Text c="dimmed" fz="1.1rem" mb="md">
        {entry.subtitle}
      </Text>
      {edits && !editing && (
        <Group mb="xl" gap="xs">
          <Button
            renderRoot={(props) => (
              <Link to="/items/new" search={{ kind: entry.kind, entry: entry.id }} {...props} />
            )}
          >
            {t('catalogue.entry.add')}
          </Button>
          {arranges && (
            <Button variant="default" onClick={onEdit}>
              {slug === null ? t('catalogue.entry.edit') : t('catalogue.entry.correct')}
            </Button>
          )}
          {arranges && slug === null && (
            <Button variant="subtle" color="danger" onClick={() => setAsking(true)}>
              {t('catalogue.entry.delete')}
            </Button>
          )}
          {arranges && entry.overridden && slug !== null && (
            <>
              <Button
                variant="subtle"
                loading={takeBack.isPending}
                onClick={() => takeBack.mutate()}
              >
                {t('catalogue.entry.takeBack')}
              </Button>
              <Text c="dimmed" size="sm">
                {t('catalogue.entry.own')}
              </Text>
            </>
          )}
        </Group>
      )}
      {asking && (
        <AskFirst
          act={t('catalogue.entry.delete')}
          text={t('catalogue.own.deleteAsk')}
          pending={remove.isPending}
          onYes={() => remove.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </header>
  );
}
