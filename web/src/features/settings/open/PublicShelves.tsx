import { Checkbox, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';
import { changeShelf, type Shelf, shelvesQuery } from '@/lib/shelves/shelves';

/** Which collections the page shows; private rooms are not offered. */
export function PublicShelves() {
  const { t } = useTranslation();
  const me = useMe();
  const own = me.space_id === me.id;
  const shelves = useQuery({ ...shelvesQuery, enabled: own });
  const shown = shelves.data?.filter(({ visibility }) => visibility !== 'private') ?? [];
  return (
    <Section title={t('open.shows')} text={t('open.showsText')}>
      {!own && <Text>{t('open.elsewhere')}</Text>}
      {own && shelves.isPending && <Skeleton h={56} />}
      <Failing of={shelves} />
      {shelves.data !== undefined && !shown.some(({ visibility }) => visibility === 'public') && (
        <Text mb="sm">{t('open.none')}</Text>
      )}
      <ul className={classes.fields}>
        {shown.map((shelf) => (
          <Openness key={shelf.id} shelf={shelf} />
        ))}
      </ul>
      {shelves.data !== undefined && shown.length === 0 && (
        <Link to="/collections">{t('open.noneAct')}</Link>
      )}
    </Section>
  );
}

function Openness({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  const open = shelf.visibility === 'public';
  const change = useAct(changeShelf, {
    said: t(open ? 'open.hidden' : 'open.opened'),
    renews: [['collections']],
  });
  return (
    <Row title={shelf.name}>
      <Checkbox
        py={10}
        label={t('open.open')}
        aria-label={t('open.toggle', { name: shelf.name })}
        checked={open}
        disabled={change.isPending}
        onChange={(event) =>
          change.mutate({
            shelf,
            change: { visibility: event.target.checked ? 'public' : 'space' },
          })
        }
      />
    </Row>
  );
}
