import { ActionIcon, Button, Group, VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { type MouseEvent, useState } from 'react';
import { flushSync } from 'react-dom';

import classes from './shelves.module.css';

import { Dialog } from '@/components/feedback/Dialog';
import { useAct } from '@/components/feedback/useAct';
import { useTranslation } from '@/lib/i18n';
import { orderShelves, type Shelf } from '@/lib/shelves/shelves';

interface Props {
  shelves: readonly Shelf[];
  onClose: () => void;
}

/** The order in which everyone here sees the named collections. */
export function OrderShelves({ shelves, onClose }: Props) {
  const { t } = useTranslation();
  const [order, setOrder] = useState(shelves);
  const [moved, setMoved] = useState('');
  const save = useAct(orderShelves, {
    said: t('shelves.saved'),
    renews: [['collections']],
    onDone: onClose,
  });
  const move = (event: MouseEvent<HTMLButtonElement>, shelf: Shelf, step: 1 | -1) => {
    const to = order.indexOf(shelf) + step;
    if (to < 0 || to === order.length) return;
    const button = event.currentTarget;
    const next = order.filter((each) => each !== shelf);
    next.splice(to, 0, shelf);
    flushSync(() => {
      setOrder(next);
      setMoved(t('shelves.order.moved', { name: shelf.name, place: to + 1, count: order.length }));
    });
    button.focus(); // lost where its row was put elsewhere
  };
  return (
    <Dialog onClose={onClose} title={t('shelves.order.title')}>
      <ol className={classes.people}>
        {order.map((shelf, at) => (
          <li key={shelf.id} className={classes.placed}>
            <span>{shelf.name}</span>
            <ActionIcon
              aria-label={t('shelves.order.up', { name: shelf.name })}
              aria-disabled={at === 0}
              data-disabled={at === 0 || undefined}
              onClick={(event) => move(event, shelf, -1)}
            >
              <IconArrowUp aria-hidden />
            </ActionIcon>
            <ActionIcon
              aria-label={t('shelves.order.down', { name: shelf.name })}
              aria-disabled={at === order.length - 1}
              data-disabled={at === order.length - 1 || undefined}
              onClick={(event) => move(event, shelf, 1)}
            >
              <IconArrowDown aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ol>
      <VisuallyHidden role="status">{moved}</VisuallyHidden>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button loading={save.isPending} onClick={() => save.mutate(order)}>
          {t('common.save')}
        </Button>
      </Group>
    </Dialog>
  );
}
