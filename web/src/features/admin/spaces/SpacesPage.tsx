import { Badge, Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import classes from '../admin.module.css';
import { type SpaceLine, spacesQuery } from '../api/spaces';
import { useSpaceName } from './useSpaceName';

import { Row } from '@/components/rows/Row';
import { Rows } from '@/components/rows/Rows';
import { Section } from '@/components/rows/Section';
import { Empty } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/admin/spaces');

/** All spaces of the server with what they use. */
export function SpacesPage() {
  const { t } = useTranslation();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(spacesQuery(q));
  const spaces = list.data?.pages.flatMap(({ rows }) => rows) ?? [];
  const find = useDebouncedCallback(
    (text: string) => void navigate({ search: { q: text || undefined }, replace: true }),
    200,
  );
  return (
    <Section title={t('admin.spaces.title')} text={t('admin.spaces.text')}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t('admin.spaces.find')}
        placeholder={t('admin.spaces.findHint')}
        leftSection={<IconSearch size={20} aria-hidden />}
        defaultValue={q}
        onChange={(event) => find(event.target.value)}
      />
      {list.isError ? (
        <Failing error={list.error} retry={list.refetch} />
      ) : list.isPending ? (
        <Stack gap="xs" aria-busy>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} h={60} />
          ))}
        </Stack>
      ) : spaces.length === 0 ? (
        <Empty title={t('admin.spaces.none.title')} text={t('admin.spaces.none.text')} />
      ) : (
        <Rows label={t('admin.spaces.title')}>
          {spaces.map((each) => (
            <Space key={each.id} space={each} />
          ))}
        </Rows>
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('common.loadMore')}
        </Button>
      )}
    </Section>
  );
}

function Space({ space }: { space: SpaceLine }) {
  const { t } = useTranslation();
  const { name, kind } = useSpaceName(space);
  return (
    <Row
      title={
        <Group gap="xs">
          <Link to="/admin/spaces/$spaceId" params={{ spaceId: space.id }} className={classes.name}>
            {name}
          </Link>
          {space.deleted_at !== null && (
            <Badge variant="light" color="danger" tt="none">
              {t('admin.spaces.deleted')}
            </Badge>
          )}
        </Group>
      }
      text={[
        kind,
        space.kind !== 'person' && t('admin.spaces.members', { count: space.members }),
        t('admin.spaces.items', { count: space.items }),
      ]
        .filter(Boolean)
        .join(' · ')}
    >
      <span className="figures">{formatSize(space.storage_bytes)}</span>
    </Row>
  );
}
