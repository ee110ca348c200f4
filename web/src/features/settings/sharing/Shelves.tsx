import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';

import { deleteShelf, makeShelf, shelvesQuery } from '../api/sharing';
import { Row } from '../Row';
import { Section } from '../Section';
import classes from '../settings.module.css';
import { useAct } from '../useAct';

import { AskFirst } from '@/components/feedback/AskFirst';
import { useTranslation } from '@/lib/i18n';

/** Named collections of the space; deleting one leaves its items where they are. */
export function Shelves() {
  const { t } = useTranslation();
  const shelves = useQuery(shelvesQuery).data ?? [];
  const [name, setName] = useState('');
  const [going, setGoing] = useState<string | null>(null);
  const renews = [['collections']];
  const make = useAct(makeShelf, {
    said: t('settings.shelves.made'),
    renews,
    onDone: () => setName(''),
  });
  const remove = useAct(deleteShelf, {
    said: t('settings.shelves.deleted'),
    renews,
    onDone: () => setGoing(null),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') make.mutate(name.trim());
  };
  return (
    <Section title={t('settings.shelves.title')} text={t('settings.shelves.text')}>
      <ul className={classes.fields}>
        {shelves.map((shelf) => (
          <Row
            key={shelf.id}
            title={shelf.name}
            text={t('settings.shelves.count', { count: shelf.item_count })}
          >
            <Button
              variant="default"
              aria-label={t('settings.shelves.deleteOne', { name: shelf.name })}
              onClick={() => setGoing(shelf.id)}
            >
              {t('settings.shelves.delete')}
            </Button>
          </Row>
        ))}
      </ul>
      <form onSubmit={submit}>
        <Group align="flex-end" maw={520}>
          <TextInput
            flex={1}
            miw={200}
            label={t('settings.shelves.name')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" variant="default" loading={make.isPending}>
            {t('settings.shelves.act')}
          </Button>
        </Group>
      </form>
      {going !== null && (
        <AskFirst
          act={t('settings.shelves.delete')}
          text={t('settings.shelves.deleteText')}
          pending={remove.isPending}
          onYes={() => remove.mutate(going)}
          onClose={() => setGoing(null)}
        />
      )}
    </Section>
  );
}
