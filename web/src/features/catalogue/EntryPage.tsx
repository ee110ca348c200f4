import { Anchor, Button, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import { entryQuery } from './api/getEntry';
import classes from './catalogue.module.css';
import { Pairs } from './Pairs';

import { Crop } from '@/components/detection/Crop';
import { Facts } from '@/components/fields/Facts';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import type { EntryId } from '@/lib/brand';
import { ApiProblem } from '@/lib/http/problem';
import { usePageTitle } from '@/components/layout/usePageTitle';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';

const route = getRouteApi('/inside/catalogue/entries/$entryId');

export function EntryPage() {
  const { t } = useTranslation();
  const id = route.useParams().entryId as EntryId;
  const found = useQuery(entryQuery(id));
  const kinds = useKinds();
  const title = found.data?.title;
  usePageTitle(title);

  if (found.isPending) return <Skeleton h={480} />;
  if (found.isError) {
    return found.error instanceof ApiProblem && found.error.status === 404 ? (
      <Empty title={t('catalogue.entry.missing.title')} text={t('catalogue.entry.missing.text')} />
    ) : (
      <Failing error={found.error} retry={found.refetch} />
    );
  }
  const entry = found.data;
  const kind = kinds.find(({ name }) => name === entry.kind);
  const names = Object.entries(entry.names).filter(([, name]) => name !== entry.title);
  const ids = Object.entries(entry.external_ids).map(([scheme, value]): [string, string] => [
    scheme,
    told(value),
  ]);
  return (
    <div className={classes.page}>
      <Crop url={entry.image_url} alt={entry.title} className={classes.picture} />
      <div>
        <Text size="sm" c="dimmed">
          {entry.catalogue === null ? (
            kind?.label
          ) : (
            <Anchor
              inherit
              renderRoot={(props) => (
                <Link to="/catalogue/$slug" params={{ slug: entry.catalogue ?? '' }} {...props} />
              )}
            >
              {entry.catalogue}
            </Anchor>
          )}
        </Text>
        <Title order={1} lh={1.12}>
          {entry.title}
        </Title>
        <Text c="dimmed" fz="1.1rem" mb="md">
          {entry.subtitle}
        </Text>
        <Button
          mb="xl"
          renderRoot={(props) => (
            <Link to="/items/new" search={{ kind: entry.kind, entry: entry.id }} {...props} />
          )}
        >
          {t('catalogue.entry.add')}
        </Button>
        {entry.overridden && <Text c="dimmed">{t('catalogue.entry.own')}</Text>}
        <Facts fields={kind?.fields ?? []} values={entry.fields} />
        <Pairs
          title={t('catalogue.entry.names')}
          pairs={names.map(([lang, name]) => [languageName(lang), name])}
        />
        <Pairs title={t('catalogue.entry.ids')} pairs={ids} />
        <Pairs
          title={t('catalogue.entry.variants')}
          pairs={entry.variants.map((variant, index) => [String(index + 1), told(variant)])}
        />
      </div>
    </div>
  );
}

const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });

function languageName(code: string): string {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code; // a source's own code that is no language tag
  }
}

/** What a source tells may be a word, a number, a list or facts by name. */
function told(value: unknown): string {
  if (Array.isArray(value)) return value.map(told).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, part]) => `${name}: ${told(part)}`)
      .join(', ');
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}
