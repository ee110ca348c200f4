import { SegmentedControl, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Fragment } from 'react';

import { ChosenEntry } from './ChosenEntry';
import { LookUp } from './LookUp';
import { NewItemForm } from './NewItemForm';

import { PageHead } from '@/components/layout/PageHead';
import { Failing } from '@/components/states/Failing';
import { ForEditors } from '@/components/states/ForEditors';
import type { EntryId } from '@/lib/brand';
import { useTranslation } from '@/lib/i18n';
import { kindsQuery } from '@/lib/kinds/kinds';

const route = getRouteApi('/inside/items/new');

export function NewItemPage() {
  return (
    <ForEditors>
      <Page />
    </ForEditors>
  );
}

function Page() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useQuery(kindsQuery);
  const kind = kinds.data?.find(({ name }) => name === search.kind) ?? kinds.data?.[0];
  return (
    <div style={{ maxWidth: 860 }}>
      <PageHead title={t('item.new.title')} />
      <Failing of={kinds} />
      {kinds.isPending && <Skeleton h={320} />}
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
          {search.entry === undefined ? (
            <Fragment key={kind.name}>
              <LookUp kind={kind.name} />
              <NewItemForm kind={kind} entry={null} />
            </Fragment>
          ) : (
            <ChosenEntry key={search.entry} id={search.entry as EntryId} kind={kind} />
          )}
        </>
      )}
    </div>
  );
}
