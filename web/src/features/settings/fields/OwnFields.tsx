import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { AddField } from './AddField';
import { FieldRow } from './FieldRow';
import { moved } from './moved';
import { useFieldActs } from './useFieldActs';
import classes from '../settings.module.css';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { ownFieldsQuery } from '@/lib/ownFields/ownFields';
import { useRights } from '@/lib/session/rights';

export function OwnFields() {
  const { t } = useTranslation();
  const fields = useQuery(ownFieldsQuery);
  const { arranges } = useRights();
  const { place } = useFieldActs();
  const [adding, setAdding] = useState(false);
  const move = (from: number, to: number) => {
    if (fields.data !== undefined && !place.isPending) place.mutate(moved(fields.data, from, to));
  };
  return (
    <Section title={t('settings.fields.title')} text={t('settings.fields.text')}>
      {fields.isPending && <Skeleton h={88} />}
      <Failing of={fields} />
      {fields.data?.length === 0 && !adding && <Text mb="md">{t('settings.fields.empty')}</Text>}
      <ul className={classes.fields}>
        {fields.data?.map((field, index, all) => (
          <FieldRow
            key={field.id}
            field={field}
            onUp={index === 0 ? null : () => move(index, index - 1)}
            onDown={index === all.length - 1 ? null : () => move(index, index + 1)}
          />
        ))}
      </ul>
      {adding ? (
        <AddField onDone={() => setAdding(false)} />
      ) : (
        arranges && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('settings.fields.add')}
          </Button>
        )
      )}
    </Section>
  );
}
