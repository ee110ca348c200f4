import '@/lib/i18n/later';

import { Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { type Person, personItemsQuery, personQuery } from './getPerson';
import classes from './shared.module.css';
import { ShownCard } from './ShownCard';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { Failing } from '@/components/states/Failing';
import { ApiProblem } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/people/$handle');

/** What somebody shows to everyone: who they are, and their open collections. */
export function PersonPage() {
  const { t } = useTranslation();
  const { handle } = route.useParams();
  const person = useQuery(personQuery(handle));
  usePageTitle(person.data && nameOf(person.data));
  return (
    <div className={classes.page}>
      <header className={classes.mark}>{t('common.product')}</header>
      <main>
        {person.isPending && <Skeleton h={48} maw={420} />}
        {person.isError && <Gone error={person.error} retry={person.refetch} />}
        {person.data && <Shown person={person.data} />}
      </main>
    </div>
  );
}

const nameOf = ({ display_name, handle }: Person) => display_name || handle;

function Shown({ person }: { person: Person }) {
  const { t } = useTranslation();
  return (
    <>
      {person.robots !== null && <meta name="robots" content={person.robots} />}
      <Title order={1} fz={{ base: '1.9rem', sm: '2.5rem' }}>
        {nameOf(person)}
      </Title>
      {person.about !== '' && (
        <Text c="dimmed" maw={640} mt="xs" className={classes.about}>
          {person.about}
        </Text>
      )}
      {person.collections.length === 0 && (
        <Text c="dimmed" mt="xl">
          {t('open.emptyPage')}
        </Text>
      )}
      {person.collections.map((shelf) => (
        <Shelf key={shelf.id} handle={person.handle} shelf={shelf} />
      ))}
    </>
  );
}

interface ShelfProps {
  handle: string;
  shelf: Person['collections'][number];
}

function Shelf({ handle, shelf }: ShelfProps) {
  const { t } = useTranslation();
  const items = useInfiniteQuery(personItemsQuery(handle, shelf.id));
  const shown = items.data?.pages.flatMap(({ rows }) => rows) ?? [];
  return (
    <section className={classes.shelf}>
      <Title order={2} fz="1.5rem">
        {shelf.name}
      </Title>
      {shelf.description !== '' && <Text c="dimmed">{shelf.description}</Text>}
      {items.isPending && <Skeleton h={240} mt="md" />}
      {items.isError && <Failing error={items.error} retry={items.refetch} />}
      {items.isSuccess && shown.length === 0 && <Text c="dimmed">{t('open.emptyCollection')}</Text>}
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
    </section>
  );
}

/** A page that is hidden and one that never was look the same. */
function Gone({ error, retry }: { error: Error; retry: () => unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiProblem) || error.status !== 404)
    return <Failing error={error} retry={retry} />;
  return (
    <Stack role="alert">
      <Title order={1} fz="1.75rem">
        {t('open.gone')}
      </Title>
      <Text c="dimmed">{t('open.goneText')}</Text>
    </Stack>
  );
}
