import '@/lib/i18n/later';

import { Text, Title } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { type Person, personItemsQuery, personQuery } from './getPerson';
import { PublicPage } from './PublicPage';
import classes from './shared.module.css';
import { ShownItems } from './ShownItems';

import { usePageTitle } from '@/components/layout/usePageTitle';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/people/$handle');

/** What somebody shows to everyone: who they are, and their open collections. */
export function PersonPage() {
  const { t } = useTranslation();
  const { handle } = route.useParams();
  const person = useQuery(personQuery(handle));
  usePageTitle(person.data && nameOf(person.data));
  return (
    <PublicPage asked={person} gone={{ title: t('open.gone'), text: t('open.goneText') }}>
      {(shown) => <Shown person={shown} />}
    </PublicPage>
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
  return (
    <section className={classes.shelf}>
      <Title order={2} fz="1.5rem">
        {shelf.name}
      </Title>
      {shelf.description !== '' && <Text c="dimmed">{shelf.description}</Text>}
      <ShownItems list={items} none={t('open.emptyCollection')} />
    </section>
  );
}
