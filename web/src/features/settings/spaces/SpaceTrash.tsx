import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { restoreSpace, spaceTrashQuery } from '../api/spaces';
import classes from '../settings.module.css';

import { useAct } from '@/components/feedback/useAct';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import type { Instant } from '@/lib/brand';
import { formatShortDay } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

/** The way back; nothing where nothing was deleted. */
export function SpaceTrash() {
  const { t } = useTranslation();
  const trash = useQuery(spaceTrashQuery).data ?? [];
  const restore = useAct(restoreSpace, {
    said: t('settings.spaceTrash.restored'),
    renews: [['spaces'], ['space-trash']],
  });
  if (trash.length === 0) return null;
  return (
    <Section title={t('settings.spaceTrash.title')} text={t('settings.spaceTrash.text')}>
      <ul className={classes.fields}>
        {trash.map(({ id, name, deleted_at }) => (
          <Row
            key={id}
            title={name}
            text={t('settings.spaceTrash.since', { day: formatShortDay(deleted_at as Instant) })}
          >
            <Button
              variant="default"
              aria-label={t('settings.spaceTrash.restoreOne', { name })}
              loading={restore.isPending && restore.variables === id}
              onClick={() => restore.mutate(id)}
            >
              {t('settings.spaceTrash.restore')}
            </Button>
          </Row>
        ))}
      </ul>
    </Section>
  );
}
