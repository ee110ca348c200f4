import type { Entry } from './api/entry';
import { Pairs } from './Pairs';
import { languageName, told } from './told';

import { Facts } from '@/components/fields/Facts';
import { useTranslation } from '@/lib/i18n';
import type { Kind } from '@/lib/wire/kind';

export function EntryFacts({ entry, kind }: { entry: Entry; kind: Kind | undefined }) {
  const { t } = useTranslation();
  const names = Object.entries(entry.names).filter(([, name]) => name !== entry.title);
  return (
    <>
      <Facts fields={kind?.fields ?? []} values={entry.fields} />
      <Pairs
        title={t('catalogue.entry.names')}
        pairs={names.map(([lang, name]) => [languageName(lang), name])}
      />
      <Pairs
        title={t('catalogue.entry.ids')}
        pairs={Object.entries(entry.external_ids).map(([scheme, value]) => [scheme, told(value)])}
      />
      <Pairs
        title={t('catalogue.entry.variants')}
        pairs={entry.variants.map((variant, index) => [String(index + 1), told(variant)])}
      />
    </>
  );
}
