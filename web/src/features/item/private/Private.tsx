import { Title } from '@mantine/core';

import { Cost } from './Cost';
import { PrivateDetails } from './PrivateDetails';
import type { Versioned } from '../api/getItem';
import classes from '../item.module.css';

import { useTranslation } from '@/lib/i18n';
import { useRights } from '@/lib/session/rights';

/** What a thing cost, where it is kept, what insures it: for those who may see prices. */
export function Private({ versioned }: { versioned: Versioned }) {
  const { t } = useTranslation();
  const { seesMoney, edits } = useRights();
  if (!seesMoney) return null;
  const changes = edits && versioned.item.deleted_at === null;
  return (
    <section className={classes.section}>
      <Title order={2} fz="1.3rem" mb="xs">
        {t('private.title')}
      </Title>
      <Cost versioned={versioned} edits={changes} />
      <PrivateDetails id={versioned.item.id} edits={changes} />
    </section>
  );
}
