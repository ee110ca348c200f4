import { Badge, Group } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';

import classes from '../admin.module.css';
import { type SpaceLine, spacesQuery } from '../api/spaces';
import { useSpaceName } from './useSpaceName';

import { Find } from '@/components/filters/Find';
import { PagedRows } from '@/components/rows/PagedRows';
import { Row } from '@/components/rows/Row';
import { Section } from '@/components/rows/Section';
import { formatSize } from '@/lib/format/size';
import { useTranslation } from '@/lib/i18n';

const route = getRouteApi('/inside/admin/spaces');

/** All spaces of the server with what they use. */
export function SpacesPage() {
  const { t } = useTranslation();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(spacesQuery(q));
  return (
    <Section title={t('admin.spaces.title')} text={t('admin.spaces.text')}>
      <Find
        className={classes.search ?? ''}
        aria-label={t('admin.spaces.find')}
        placeholder={t('admin.spaces.findHint')}
        defaultValue={q}
        onFind={(words) => void navigate({ search: { q: words }, replace: true })}
      />
      <PagedRows
        list={list}
        label={t('admin.spaces.title')}
        none={{ title: t('admin.spaces.none.title'), text: t('admin.spaces.none.text') }}
      >
        {(each) => <Space key={each.id} space={each} />}
      </PagedRows>
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
