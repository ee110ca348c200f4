import '@/lib/i18n/later';

import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';

import { type Shared, sharedItemsQuery, sharedQuery } from './getShared';
import { PublicPage } from './PublicPage';
import classes from './shared.module.css';
import { ShownCard } from './ShownCard';
import { ShownItems } from './ShownItems';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/s/$token');

/** What somebody shares by a link, for anybody who holds it. */
export function SharedPage() {
  const { t } = useTranslation();
  const { token } = route.useParams();
  const [password, setPassword] = useState<string | null>(null);
  const shared = useQuery(sharedQuery(token, password));
  const locked = shared.error instanceof ApiProblem && shared.error.status === 401;
  usePageTitle(shared.data?.title);
  return (
    <PublicPage
      asked={shared}
      gone={{ title: t('shared.gone'), text: t('shared.goneText') }}
      lock={locked ? <Lock wrong={password !== null} onTry={setPassword} /> : null}
    >
      {(shown) => <Content token={token} shared={shown} />}
    </PublicPage>
  );
}

function Content({ token, shared }: { token: string; shared: Shared }) {
  const { t } = useTranslation();
  return (
    <>
      <Title order={1} fz={{ base: '1.75rem', sm: '2.25rem' }}>
        {shared.title || t('shared.untitled')}
      </Title>
      {shared.description !== '' && <Text c="dimmed">{shared.description}</Text>}
      {shared.item ? (
        <ul className={classes.items}>
          <ShownCard item={shared.item} />
        </ul>
      ) : (
        <All token={token} sharedKey={shared.key} />
      )}
    </>
  );
}

function All({ token, sharedKey }: { token: string; sharedKey: string | null }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(sharedItemsQuery(token, sharedKey));
  return <ShownItems list={list} none={t('shared.empty')} />;
}

function Lock({ wrong, onTry }: { wrong: boolean; onTry: (password: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed !== '') onTry(typed);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack maw={420}>
        <Title order={1} fz="1.75rem">
          {t('shared.locked')}
        </Title>
        <PasswordInput
          label={t('auth.password')}
          autoComplete="off"
          autoFocus
          visibilityToggleButtonProps={{ 'aria-label': t('common.password.show') }}
          value={typed}
          error={wrong ? t('shared.wrong') : null}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" w="fit-content">
          {t('shared.open')}
        </Button>
      </Stack>
    </form>
  );
}
