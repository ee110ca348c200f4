import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { type SearchAsk, searchQuery } from './api/search';
import { Hit } from './Hit';
import { HitsSkeleton } from './HitsSkeleton';
import classes from './search.module.css';
import { SearchBox } from './SearchBox';
import { SearchFilters } from './SearchFilters';

import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { More } from '@/components/states/More';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/search');

export function SearchPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const ask: SearchAsk = { ...search, q: search.q ?? '', mode: search.mode ?? 'hybrid' };
  const found = useInfiniteQuery(searchQuery(ask));
  const hits = found.data?.pages.flatMap((page) => page.hits) ?? [];
  const first = found.data?.pages[0];
  const change = (part: Partial<SearchAsk>) =>
    void navigate({
      search: (now) => ({ ...now, ...part, q: (part.q ?? now.q) || undefined }),
      replace: true,
    });

  return (
    <>
      <PageHead title={t('search.title')} />
      <SearchBox value={ask.q} onSearch={(q) => change({ q })} />
      <SearchFilters ask={ask} onChange={change} />
      {first?.degraded === true && (
        <div className={classes.degraded} role="status">
          {t('search.degraded')}
        </div>
      )}
      {ask.q.trim() === '' ? (
        <Empty title={t('search.start.title')} text={t('search.start.text')} />
      ) : found.isPending ? (
        <HitsSkeleton />
      ) : found.isLoadingError ? (
        <Failing of={found} />
      ) : hits.length === 0 ? (
        <Empty
          picture={<Cabinet />}
          title={t('search.none.title', { q: ask.q })}
          text={t('search.none.text')}
        />
      ) : (
        <>
          <Text c="dimmed" role="status" mb="xs">
            {found.hasNextPage
              ? t('search.countMore', { count: hits.length })
              : t('search.count', { count: hits.length })}
          </Text>
          {first?.widenings.map(({ term, terms }) => (
            <Text key={term} size="sm" c="dimmed">
              {t('search.widened', { term, others: terms.join(', ') })}
            </Text>
          ))}
          <ol className={classes.hits}>
            {hits.map((hit) => (
              <Hit key={hit.item_id} hit={hit} />
            ))}
          </ol>
          <More of={found} />
        </>
      )}
    </>
  );
}
