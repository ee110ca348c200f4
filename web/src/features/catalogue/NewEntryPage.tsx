import '@/lib/i18n/later';

import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { createEntry } from './api/correction';
import { EntryForm } from './edit/EntryForm';
import { useRefreshEntry } from './useEntryActs';

import { toast } from '@/components/feedback/toast';
import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { ForEditors } from '@/components/states/ForEditors';
import { useOnce } from '@/lib/http/useOnce';
import { useTranslation } from '@/lib/i18n';
import { kindsQuery } from '@/lib/kinds/kinds';

const route = getRouteApi('/inside/catalogue/entries/new');

/** An entry that no catalogue has: scans of this person are identified against it too. */
export function NewEntryPage() {
  return (
    <ForEditors arranging>
      <Page />
    </ForEditors>
  );
}

function Page() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const refresh = useRefreshEntry();
  const kinds = useQuery(kindsQuery);
  const create = useOnce(createEntry);
  const kind = kinds.data?.find(({ name }) => name === search.kind) ?? kinds.data?.[0];
  return (
    <div style={{ maxWidth: 860 }}>
      <PageHead title={t('catalogue.own.newTitle')} text={t('catalogue.own.newText')} />
      <Failing of={kinds} />
      {kinds.isPending && <Skeleton h={320} aria-busy />}
      {kind !== undefined && (
        <>
          <Text id="what" fw={600} size="sm" mb={4}>
            {t('common.whatKind')}
          </Text>
          <SegmentedControl
            aria-labelledby="what"
            size="md"
            mb="xl"
            data={(kinds.data ?? []).map(({ name, label }) => ({ value: name, label }))}
            value={kind.name}
            onChange={(name) => void navigate({ search: { kind: name }, replace: true })}
          />
          <EntryForm
            key={kind.name}
            kind={kind}
            start={{ title: '', fields: {}, note: '' }}
            withNote={false}
            act={t('catalogue.own.act')}
            save={async (entry) => {
              const entryId = await create({ ...entry, kind: kind.name });
              await navigate({ to: '/catalogue/entries/$entryId', params: { entryId } });
            }}
            onSaved={() => {
              void refresh();
              toast(t('catalogue.own.added'));
            }}
          />
        </>
      )}
    </div>
  );
}
