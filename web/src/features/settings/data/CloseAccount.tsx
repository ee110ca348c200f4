import { Button, Group, List, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { ArchiveFirst } from './ArchiveFirst';
import { closeAccount, deletionTermsQuery } from '../api/data';

import { Dialog } from '@/components/feedback/Dialog';
import { toast } from '@/components/feedback/toast';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { formatShortDay } from '@/lib/format/format';
import { explain } from '@/lib/http/explain';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { forget } from '@/lib/session/leave';
import { useMe } from '@/lib/session/session';

const goes = ['space', 'doors', 'shown', 'name'] as const;
const stays = ['others', 'log', 'backups'] as const;

/** The end of the account; says all of it before it asks. */
export function CloseAccount() {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <Section title={t('data.close.title')} text={t('data.close.text')}>
      <Button variant="default" c="danger" onClick={() => setAsking(true)}>
        {t('data.close.act')}
      </Button>
      {asking && (
        <Dialog size="lg" onClose={() => setAsking(false)} title={t('data.close.title')}>
          <Terms onClose={() => setAsking(false)} />
        </Dialog>
      )}
    </Section>
  );
}

function Terms({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const terms = useQuery(deletionTermsQuery);
  const [typed, setTyped] = useState('');
  const close = useMutation({
    mutationFn: closeAccount,
    onSuccess: async (at) => {
      await forget(() => navigate({ to: '/login', search: {} }));
      toast(t('data.close.closing', { day: formatShortDay(at) }));
    },
  });
  if (terms.isPending) return <Skeleton h={240} />;
  if (terms.isLoadingError) return <Failing of={terms} />;
  return (
    <Stack>
      <div>
        <Title order={3} fz="1.1rem" mb={6}>
          {t('data.close.goes')}
        </Title>
        <List>
          {goes.map((each) => (
            <List.Item key={each}>{t(`data.close.goesList.${each}`)}</List.Item>
          ))}
        </List>
      </div>
      <div>
        <Title order={3} fz="1.1rem" mb={6}>
          {t('data.close.stays')}
        </Title>
        <List>
          {stays.map((each) => (
            <List.Item key={each}>{t(`data.close.staysList.${each}`)}</List.Item>
          ))}
        </List>
      </div>
      <Text>{t('data.close.when', { count: terms.data.grace_days })}</Text>
      <Text>{t('data.close.archived')}</Text>
      <ArchiveFirst />
      <TextInput
        label={t('data.close.address')}
        description={t('data.close.sure', { email: me.email })}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {close.error && <Refused error={close.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button
          color="danger"
          disabled={typed.trim().toLowerCase() !== me.email.toLowerCase()}
          loading={close.isPending}
          onClick={() => close.mutate()}
        >
          {t('data.close.yes')}
        </Button>
      </Group>
    </Stack>
  );
}

/** Why not; the spaces that stand in the way are named. */
function Refused({ error }: { error: Error }) {
  const { t } = useTranslation();
  const spaces =
    error instanceof ApiProblem && Array.isArray(error.body.spaces)
      ? (error.body.spaces as { id: string; name: string | null }[])
      : [];
  return (
    <Stack gap={6} role="alert">
      <Text c="danger">{explain(error).text}</Text>
      {spaces.length > 0 && (
        <>
          <Text>{t('data.close.spaces')}</Text>
          <List>
            {spaces.map(({ id, name }) => (
              <List.Item key={id}>
                <Link to="/settings/spaces">{name}</Link>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </Stack>
  );
}
