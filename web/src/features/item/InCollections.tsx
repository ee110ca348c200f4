import { Button, Group, Text, Title } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import classes from './item.module.css';

import { PutInDialog } from '@/components/shelves/PutInDialog';
import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';
import { shelvesQuery } from '@/lib/shelves/shelves';
import type { Item } from '@/lib/wire/item';

/** The named collections that hold the thing, and the way into others. */
export function InCollections({ item }: { item: Item }) {
  const { t } = useTranslation();
  const { arranges } = useRights();
  const [choosing, setChoosing] = useState(false);
  const shelves = useQuery(shelvesQuery).data;
  if (shelves === undefined) return null;
  const holding = shelves.filter(({ id }) => item.collections.includes(id));
  const editable = arranges && item.deleted_at === null;
  if (holding.length === 0 && !editable) return null;
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('shelves.in')}
      </Title>
      <Group gap={8}>
        {holding.length === 0 && <Text c="dimmed">{t('shelves.none')}</Text>}
        {holding.map(({ id, name }) => (
          <Link
            key={id}
            to="/collections/$shelfId"
            params={{ shelfId: id }}
            search={{}}
            className={classes.tag}
          >
            {name}
          </Link>
        ))}
        {editable && (
          <Button
            variant="subtle"
            leftSection={<IconFolderPlus size={18} aria-hidden />}
            onClick={() => setChoosing(true)}
          >
            {t('shelves.put')}
          </Button>
        )}
      </Group>
      {choosing && (
        <PutInDialog ids={[item.id]} held={item.collections} onClose={() => setChoosing(false)} />
      )}
    </section>
  );
}
