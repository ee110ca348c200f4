import { Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { itemQuery } from './api/getItem';
import { Gallery } from './gallery/Gallery';
import { History } from './History';
import { InCollections } from './InCollections';
import classes from './item.module.css';
import { ItemHead } from './ItemHead';
import { Notes } from './Notes';
import { Missing } from './Missing';
import { Origin } from './Origin';
import { Private } from './private/Private';
import { EditRecord } from './record/EditRecord';
import { ReadText } from './ReadText';
import { Tags } from './Tags';
import { TrashedBanner } from './TrashedBanner';

import { Facts } from '@/components/fields/Facts';
import { Failing } from '@/components/states/Failing';
import type { ItemId } from '@/lib/brand';
import { isNotFound } from '@/lib/http/problem';
import { useTranslation } from '@/lib/i18n';
import { useKinds } from '@/lib/kinds/kinds';
import { useOwnFields } from '@/lib/ownFields/ownFields';

const route = getRouteApi('/inside/items/$itemId');

export function ItemPage() {
  const { t } = useTranslation();
  const id = route.useParams().itemId as ItemId;
  const found = useQuery(itemQuery(id));
  const [editing, setEditing] = useState(false);
  const kinds = useKinds();
  const own = useOwnFields(found.data?.item.kind);

  if (found.isPending) return <ItemSkeleton />;
  if (isNotFound(found.error)) return <Missing />;
  if (found.isLoadingError) return <Failing of={found} />;
  const { item } = found.data;
  const kind = kinds.find(({ name }) => name === item.kind);
  return (
    <>
      {item.deleted_at !== null && <TrashedBanner item={item} />}
      <div className={classes.page}>
        <div className={classes.wall}>
          <Gallery item={item} />
        </div>
        <div>
          <ItemHead item={item} editing={editing} onEdit={() => setEditing(true)} />
          {editing && kind !== undefined ? (
            <EditRecord
              versioned={found.data}
              kind={kind}
              own={own}
              onDone={() => setEditing(false)}
            />
          ) : (
            <>
              {Object.keys(item.fields).length === 0 && <Text c="dimmed">{t('item.noFacts')}</Text>}
              <Facts fields={kind?.fields ?? []} values={item.fields} />
              <Facts fields={own} values={item.own_fields} />
              <Notes item={item} />
              <Tags tags={item.tags} />
              <InCollections item={item} />
              <ReadText text={item.read_text} />
              <Private versioned={found.data} />
              <Origin item={item} />
              <History id={id} kind={kind} />
            </>
          )}
        </div>
      </div>
    </>
  );
}

function ItemSkeleton() {
  return (
    <div className={classes.page} aria-busy>
      <Skeleton h={520} />
      <Stack>
        <Skeleton h={44} w="70%" />
        <Skeleton h={20} w="45%" />
        {Array.from({ length: 7 }, (_, index) => (
          <Skeleton key={index} h={24} />
        ))}
      </Stack>
    </div>
  );
}
