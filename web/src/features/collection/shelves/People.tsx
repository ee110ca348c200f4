import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { grantsQuery, membersQuery } from '../api/people';
import { Invite } from './Invite';
import { LetMemberIn } from './LetMemberIn';
import { PersonRow } from './PersonRow';
import classes from './shelves.module.css';

import { Dialog } from '@/components/feedback/Dialog';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import type { Shelf } from '@/lib/shelves/shelves';

/** Who may see or change one collection, beside the members of the space. */
export function People({ shelf, onClose }: { shelf: Shelf; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const people = useQuery(grantsQuery(shelf.id));
  const members = useQuery(membersQuery(me.space_id)).data ?? [];
  const outside = members.filter(
    ({ user_id }) => people.data?.some((person) => person.user_id === user_id) === false,
  );
  const owners = people.data?.filter(({ role }) => role === 'owner').length ?? 0;
  const isPrivate = shelf.visibility === 'private';
  return (
    <Dialog onClose={onClose} size="lg" title={t('shelves.people.title', { name: shelf.name })}>
      <Text c="dimmed" mb="md">
        {t(isPrivate ? 'shelves.people.private' : 'shelves.people.space')}
      </Text>
      <Failing of={people} />
      {people.data?.length === 0 && <Text mb="md">{t('shelves.people.none')}</Text>}
      <ul className={classes.people}>
        {people.data?.map((person) => (
          <PersonRow
            key={person.user_id}
            shelf={shelf}
            person={person}
            me={me.id}
            fixed={isPrivate && person.role === 'owner' && owners === 1}
          />
        ))}
      </ul>
      {isPrivate && outside.length > 0 && <LetMemberIn shelf={shelf} members={outside} />}
      <Invite shelf={shelf} />
    </Dialog>
  );
}
