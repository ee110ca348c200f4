import { Button, Select, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';

import classes from './audit.module.css';
import type { Asked, Sight } from './query';
import { shortId } from './words';

import { Find } from '@/components/filters/Find';
import { useTranslation } from '@/lib/i18n';

/** The word before the dot of an action; those a space's log can have come first. */
const spaceGroups = ['account', 'auth', 'space', 'collection', 'share', 'data', 'admin'] as const;
const serverGroups = [...spaceGroups, 'catalogue', 'audit'] as const;

interface Props {
  sight: Sight;
  asked: Asked;
  onAsk: (part: Asked) => void;
  actions: readonly { action: string; meaning: string }[];
  nameOf: (id: string) => string | null;
}

export function AuditFilters({ sight, asked, onAsk, actions, nameOf }: Props) {
  const { t } = useTranslation();
  const groups = sight === 'server' ? serverGroups : spaceGroups;
  const named = (id: string) => nameOf(id) ?? shortId(id);
  const chips = [
    asked.actor !== undefined && {
      label: t('audit.who', { name: named(asked.actor) }),
      clear: { actor: undefined },
    },
    asked.space !== undefined && {
      label: t('audit.where', { name: named(asked.space) }),
      clear: { space: undefined },
    },
  ].filter((chip) => chip !== false);
  return (
    <>
      <div className={classes.filters}>
        <Find
          label={t('audit.find')}
          placeholder={t('audit.findHint')}
          defaultValue={asked.q}
          onFind={(q) => onAsk({ q })}
        />
        <Select
          label={t('audit.what')}
          placeholder={t('audit.everything')}
          data={groups.map((group) => ({
            group: t(`audit.groups.${group}`),
            items: [
              { value: group, label: `${t(`audit.groups.${group}`)}: ${t('audit.all')}` },
              ...actions
                .filter(({ action }) => action.startsWith(`${group}.`))
                .map(({ action, meaning }) => ({ value: action, label: meaning })),
            ],
          }))}
          value={asked.action ?? null}
          onChange={(action) => onAsk({ action: action ?? undefined })}
          searchable
          clearable
        />
        <TextInput
          type="date"
          label={t('audit.from')}
          value={asked.from ?? ''}
          max={asked.to}
          onChange={(event) => onAsk({ from: event.target.value || undefined })}
        />
        <TextInput
          type="date"
          label={t('audit.to')}
          value={asked.to ?? ''}
          min={asked.from}
          onChange={(event) => onAsk({ to: event.target.value || undefined })}
        />
      </div>
      {chips.length > 0 && (
        <div className={classes.chips}>
          {chips.map(({ label, clear }) => (
            <Button
              key={label}
              variant="light"
              rightSection={<IconX size={16} aria-hidden />}
              aria-label={t('audit.clearOne', { what: label })}
              onClick={() => onAsk(clear)}
            >
              {label}
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
