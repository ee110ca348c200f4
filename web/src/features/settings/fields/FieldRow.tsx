import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';

import { useFieldActs } from './useFieldActs';
import classes from '../settings.module.css';

import { useTranslation } from '@/lib/i18n';
import { useKindLabel } from '@/lib/kinds/kinds';
import type { OwnField } from '@/lib/ownFields/ownFields';
import { useRights } from '@/lib/session/rights';

interface Props {
  field: OwnField;
  /** Trades places with its neighbor; null where there is none. */
  onUp: (() => void) | null;
  onDown: (() => void) | null;
}

export function FieldRow({ field, onUp, onDown }: Props) {
  const { t } = useTranslation();
  const kindLabel = useKindLabel();
  const { arranges } = useRights();
  const { change } = useFieldActs();
  const [name, setName] = useState<string | null>(null);

  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    const label = name?.trim() ?? '';
    if (label === '' || label === field.label) setName(null);
    else change.mutate({ id: field.id, change: { label } }, { onSuccess: () => setName(null) });
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
            <Button type="submit" loading={change.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </form>
      )}
      {arranges && (
        <Group gap={0} wrap="nowrap">
          <ActionIcon
            aria-label={t('settings.fields.up')}
            disabled={onUp === null}
            onClick={() => onUp?.()}
          >
            <IconArrowUp size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            aria-label={t('settings.fields.down')}
            disabled={onDown === null}
            onClick={() => onDown?.()}
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
      )}
    </li>
  );
}
