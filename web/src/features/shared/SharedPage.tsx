import { Button, PasswordInput, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';

import { type Shared, sharedItemsQuery, sharedQuery, type ShownItem } from './getShared';
import classes from './shared.module.css';
import { ShownCard } from './ShownCard';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { Failing } from '@/components/states/Failing';
import { explain } from '@/lib/http/explain';
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
    <div className={classes.page}>
      <header className={classes.mark}>{t('common.product')}</header>
      <main>
        {shared.isPending && <Skeleton h={48} maw={420} />}
        {locked && <Lock wrong={password !== null} onTry={setPassword} />}
        {shared.isError && !locked && <Gone error={shared.error} retry={shared.refetch} />}
        {shared.data && <Content token={token} shared={shared.data} />}
      </main>
    </div>
  );
}

function Content({ token, shared }: { token: string; shared: Shared }) {
  const { t } = useTranslation();
  const items = useInfiniteQuery({
    ...sharedItemsQuery(token, shared.key),
    enabled: shared.item === null,
  });
  const shown: ShownItem[] = shared.item
    ? [shared.item]
    : (items.data?.pages.flatMap(({ rows }) => rows) ?? []);
  return (
    <>
      <Title order={1} fz={{ base: '1.75rem', sm: '2.25rem' }}>
        {shared.title || t('shared.untitled')}
      </Title>
      {shared.description !== '' && <Text c="dimmed">{shared.description}</Text>}
      {items.isError && <Failing error={items.error} retry={items.refetch} />}
      {items.isSuccess && shown.length === 0 && <Text c="dimmed">{t('shared.empty')}</Text>}
      <ul className={classes.items}>
        {shown.map((item) => (
          <ShownCard key={item.id} item={item} />
        ))}
      </ul>
      {items.hasNextPage && (
        <Button
          variant="default"
          loading={items.isFetchingNextPage}
          onClick={() => void items.fetchNextPage()}
        >
          {t('common.loadMore')}
        </Button>
      )}
    </>
  );
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

/** A link that was revoked, has ended or never was looks the same to a stranger. */
function Gone({ error, retry }: { error: Error; retry: () => unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiProblem) || error.status !== 404)
    return <Failing error={error} retry={retry} />;
  return (
    <Stack role="alert">
      <Title order={1} fz="1.75rem">
        {t('shared.gone')}
      </Title>
      <Text c="dimmed">{t('shared.goneText')}</Text>
      <Text size="sm" c="dimmed">
        {explain(error).reference}
      </Text>
    </Stack>
  );
}
