import { Button, Group, Text } from '@mantine/core';
import { useId, useState } from 'react';

import classes from './audit.module.css';
import type { Asked, Entry, Sight } from './query';
import { factsOf, shortId } from './words';

import type { Instant } from '@/lib/brand';
import { formatMoment } from '@/lib/format/format';
import { useTranslation } from '@/lib/i18n';

interface Props {
  entry: Entry;
  meaning: string;
  nameOf: (id: string) => string | null;
  sight: Sight;
  onAsk: (part: Asked) => void;
}

/** One act in a sentence; its details on request. */
export function AuditRow({ entry, meaning, nameOf, sight, onAsk }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const details = useId();
  return (
    <li className={classes.entry}>
      <div className={classes.line}>
        <div>
          <Text>{meaning}</Text>
          <Text size="sm" c="dimmed" className="figures">
            {formatMoment(entry.at as Instant)} · {whoOf()}
          </Text>
        </div>
        <Button
          variant="subtle"
          aria-expanded={open}
          aria-controls={details}
          aria-label={`${t(open ? 'audit.less' : 'audit.more')}: ${meaning}`}
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'audit.less' : 'audit.more')}
        </Button>
      </div>
      <div id={details} hidden={!open}>
        {open && <Details {...{ entry, nameOf, sight, onAsk }} />}
      </div>
    </li>
  );

  function whoOf(): string {
    const { actor, impersonator } = entry;
    if (actor === null) return t('audit.by', { name: t('audit.nobody') });
    const name = nameOf(actor) ?? shortId(actor);
    if (impersonator === null || impersonator === actor) return t('audit.by', { name });
    const other = nameOf(impersonator) ?? shortId(impersonator);
    return t('audit.asOther', { name: other, person: name });
  }
}

function Details({ entry, nameOf, sight, onAsk }: Omit<Props, 'meaning'>) {
  const { t } = useTranslation();
  const named = (id: string) => nameOf(id) ?? shortId(id);
  const { actor, space_id: space, target_id: target } = entry;
  const known: [string, string | null][] = [
    [t('audit.facts.action'), entry.action],
    [t('audit.facts.who'), actor === null ? t('audit.nobody') : named(actor)],
    [t('audit.facts.impersonator'), entry.impersonator && named(entry.impersonator)],
    [t('audit.facts.space'), space && named(space)],
    [
      t('audit.facts.target'),
      target === null ? null : [entry.target_type?.replaceAll('_', ' '), named(target)].join(' '),
    ],
    ...factsOf(entry.detail, {
      change: (before, after) => t('audit.change', { before, after }),
      nothing: t('audit.nothing'),
      yes: t('audit.yes'),
      no: t('audit.no'),
      nameOf,
    }).map(({ label, text }): [string, string] => [label, text]),
    [t('audit.facts.ip'), entry.ip],
    [t('audit.facts.agent'), entry.agent],
    [t('audit.facts.request'), entry.request_id],
    [t('audit.facts.position'), entry.position === null ? null : String(entry.position)],
  ];
  return (
    <>
      <dl className={classes.facts}>
        {known
          .filter(([, text]) => text !== null && text !== '')
          .map(([label, text], index) => (
            <Pair key={index} label={label} text={text} />
          ))}
      </dl>
      <Group gap="xs" mb="sm">
        {actor !== null && (
          <Button variant="default" onClick={() => onAsk({ actor })}>
            {t('audit.onlyWho', { name: named(actor) })}
          </Button>
        )}
        <Button variant="default" onClick={() => onAsk({ action: entry.action })}>
          {t('audit.onlyAction')}
        </Button>
        {sight === 'server' && space !== null && (
          <Button variant="default" onClick={() => onAsk({ space })}>
            {t('audit.onlySpace')}
          </Button>
        )}
      </Group>
    </>
  );
}

function Pair({ label, text }: { label: string; text: string | null }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </>
  );
}
