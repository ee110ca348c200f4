import { Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { AddField } from './AddField';
import { FieldRow } from './FieldRow';
import classes from '../settings.module.css';

import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';
import { ownFieldsQuery } from '@/lib/ownFields/ownFields';

export function OwnFields() {
  const { t } = useTranslation();
  const fields = useQuery(ownFieldsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Section title={t('settings.fields.title')} text={t('settings.fields.text')}>
      {fields.isPending && <Skeleton h={88} />}
      <Failing of={fields} />
      {fields.data?.length === 0 && !adding && <Text mb="md">{t('settings.fields.empty')}</Text>}
      <ul className={classes.fields}>
        {fields.data?.map((field, index, all) => (
          <FieldRow key={field.id} field={field} above={all[index - 1]} below={all[index + 1]} />
        ))}
      </ul>
      {adding ? (
        <AddField onDone={() => setAdding(false)} />
      ) : (
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('settings.fields.add')}
        </Button>
      )}
    </Section>
  );
}
