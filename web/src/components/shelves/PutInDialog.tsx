import { Button, Group, Skeleton, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';

import classes from './shelves.module.css';
import { useMoves } from './useMoves';
import { WhoSees } from './WhoSees';

import { Dialog } from '@/components/feedback/Dialog';
import { Failing } from '@/components/states/Failing';
import type { ItemId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { type Shelf, shelvesQuery } from '@/lib/shelves/shelves';

interface Props {
  ids: readonly ItemId[];
  /** The collections that hold the thing, where it is one and that is known. */
  held?: readonly string[];
  onDone?: () => void;
  onClose: () => void;
}

/** From so many collections on, one is found by name. */
const MANY = 8;

/** Chooses the collection that things go into, or makes one on the way. */
export function PutInDialog({ ids, held, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const shelves = useQuery(shelvesQuery);
  const [sought, setSought] = useState('');
  const after = () => {
    onDone?.();
    if (held === undefined) onClose();
  };
  const { put, putIntoNew, take } = useMoves(after);
  const busy = put.isPending || putIntoNew.isPending || take.isPending;
  const wanted = sought.trim().toLocaleLowerCase();
  const shown = shelves.data?.filter(({ name }) => name.toLocaleLowerCase().includes(wanted)) ?? [];
  return (
    <Dialog
      onClose={onClose}
      title={
        held === undefined ? t('shelves.putTitle', { count: ids.length }) : t('shelves.heldTitle')
      }
    >
      {shelves.isPending && <Skeleton h={112} />}
      <Failing of={shelves} />
      {(shelves.data?.length ?? 0) > MANY && (
        <TextInput
          mb="sm"
          type="search"
          label={t('shelves.find')}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      {shown.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls by keyboard too
        <ul className={classes.rows} tabIndex={0} aria-label={t('shelves.title')}>
          {shown.map((shelf) => (
            <li key={shelf.id} className={classes.row}>
              <ShelfWords shelf={shelf} />
              {held?.includes(shelf.id) ? (
                <Button
                  variant="default"
                  disabled={busy}
                  aria-label={t('shelves.takeOutOf', { name: shelf.name })}
                  onClick={() => take.mutate({ shelf, ids })}
                >
                  {t('shelves.takeOut')}
                </Button>
              ) : (
                <Button
                  variant="light"
                  disabled={busy}
                  aria-label={`${t('shelves.putAct')}: ${shelf.name}`}
                  onClick={() => put.mutate({ shelf, ids })}
                >
                  {t('shelves.putAct')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <NewShelfLine
        pending={putIntoNew.isPending}
        onName={(name) => putIntoNew.mutate({ name, ids })}
      />
    </Dialog>
  );
}

function ShelfWords({ shelf }: { shelf: Shelf }) {
  const { t } = useTranslation();
  return (
    <div className={classes.words}>
      <div className={classes.name}>{shelf.name}</div>
      <Group gap="sm">
        <Text span size="sm" c="dimmed" className="figures">
          {t('shelves.count', { count: shelf.item_count })}
        </Text>
        {shelf.visibility !== 'space' && <WhoSees visibility={shelf.visibility} />}
      </Group>
    </div>
  );
}

function NewShelfLine({ pending, onName }: { pending: boolean; onName: (name: string) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    onName(name.trim());
    setName('');
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end">
        <TextInput
          flex={1}
          miw={200}
          maxLength={200}
          label={t('shelves.newHere')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" variant="default" loading={pending} disabled={name.trim() === ''}>
          {t('shelves.newHereAct')}
        </Button>
      </Group>
    </form>
  );
}
