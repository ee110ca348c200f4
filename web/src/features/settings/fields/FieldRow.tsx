import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';

import { useFieldActs } from './useFieldActs';
import classes from '../settings.module.css';

import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import type { OwnField } from '@/lib/ownFields/ownFields';

interface Props {
  field: OwnField;
  above: OwnField | undefined;
  below: OwnField | undefined;
}

export function FieldRow({ field, above, below }: Props) {
  const { t } = useTranslation();
  const kindLabel = useKindLabel();
  const { change } = useFieldActs();
  const [name, setName] = useState<string | null>(null);

  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    const label = name?.trim() ?? '';
    if (label !== '' && label !== field.label) change.mutate({ id: field.id, change: { label } });
    setName(null);
  };
  /** Two neighbors trade places. */
  const swap = (other: OwnField) => {
    change.mutate({ id: field.id, change: { position: other.position } });
    change.mutate({ id: other.id, change: { position: field.position } });
  };

  return (
    <li className={classes.field}>
      {name === null ? (
        <div>
          <Text>{field.label}</Text>
          <Text size="sm" c="dimmed">
            {t(`settings.fields.types.${field.type}`)} ·{' '}
            {field.kind === null ? t('settings.fields.forAll') : kindLabel(field.kind)}
          </Text>
        </div>
      ) : (
        <form onSubmit={rename}>
          <Group>
            <TextInput
              flex={1}
              aria-label={t('settings.fields.label')}
              value={name}
              autoFocus
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit">{t('common.save')}</Button>
          </Group>
        </form>
      )}
      <Group gap={0} wrap="nowrap">
        <ActionIcon
          aria-label={t('settings.fields.up')}
          disabled={above === undefined}
          onClick={() => above && swap(above)}
        >
          <IconArrowUp size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          aria-label={t('settings.fields.down')}
          disabled={below === undefined}
          onClick={() => below && swap(below)}
        >
          <IconArrowDown size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon aria-label={t('settings.fields.rename')} onClick={() => setName(field.label)}>
          <IconPencil size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          aria-label={t('settings.fields.archive')}
          onClick={() => change.mutate({ id: field.id, change: { archived: true } })}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </li>
  );
}
