import { Badge, Checkbox, Skeleton, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import classes from '../admin.module.css';
import { settingsQuery } from '../api/server';

import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { Failing } from '@/components/states/Failing';
import { useTranslation } from '@/lib/i18n';

const DEFAULT = 'default';
const sources = ['environment', 'file', 'secret', DEFAULT] as const;

/** What the server was started with; read only, for it is changed where it is started. */
export function SettingsPage() {
  const { t } = useTranslation();
  const settings = useQuery(settingsQuery);
  const [text, setText] = useState('');
  const [changedOnly, setChangedOnly] = useState(false);
  const wanted = text.toLowerCase().split(/[\s_]+/);
  const found = settings.data?.filter(
    ({ name, source }) =>
      wanted.every((word) => name.toLowerCase().includes(word)) &&
      (!changedOnly || source !== DEFAULT),
  );
  const sourceWord = (source: string) => {
    const known = sources.find((each) => each === source);
    return known === undefined ? source : t(`admin.settings.sources.${known}`);
  };
  return (
    <Section title={t('admin.settings.title')} text={t('admin.settings.text')}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t('admin.settings.find')}
        placeholder={t('admin.settings.find')}
        leftSection={<IconSearch size={20} aria-hidden />}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Checkbox
        py={10}
        label={t('admin.settings.changedOnly')}
        checked={changedOnly}
        onChange={(event) => setChangedOnly(event.target.checked)}
      />
      {settings.isPending && <Skeleton h={320} />}
      <Failing of={settings} />
      {found?.length === 0 && <Text c="dimmed">{t('admin.settings.none')}</Text>}
      <Rows label={t('admin.settings.title')}>
        {found?.map(({ name, value, source }) => (
          <Row
            key={name}
            title={<span className={classes.value}>{name}</span>}
            text={<span className={classes.value}>{shown(value, t('admin.settings.empty'))}</span>}
          >
            <Badge variant={source === DEFAULT ? 'default' : 'light'} tt="none">
              {sourceWord(source)}
            </Badge>
          </Row>
        ))}
      </Rows>
    </Section>
  );
}

function shown(value: unknown, empty: string): string {
  if (value === null || value === undefined || value === '') return empty;
  if (Array.isArray(value) && value.length === 0) return empty;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
