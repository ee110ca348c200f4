import '@/lib/i18n/later';

import { Anchor, Button, Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { CatalogueCard } from './CatalogueCard';
import classes from './catalogue.module.css';

import { PageHead } from '@/components/layout/PageHead';
import { Cabinet } from '@/components/states/Cabinet';
import { EmptyPage } from '@/components/states/Empty';
import { Failing } from '@/components/states/Failing';
import { cataloguesQuery } from '@/lib/catalogues';
import { useTranslation } from '@/lib/i18n';
import { useMe } from '@/lib/session/session';

export function CataloguesPage() {
  const { t } = useTranslation();
  const { is_admin: admin } = useMe();
  const catalogues = useQuery(cataloguesQuery);
  const importAct = admin && (
    <Button renderRoot={(props) => <Link to="/catalogue/import" {...props} />}>
      {t('catalogue.import')}
    </Button>
  );
  if (catalogues.data?.length === 0) {
    return (
      <EmptyPage
        picture={<Cabinet />}
        title={t('catalogue.empty.title')}
        text={admin ? t('catalogue.empty.text') : t('catalogue.empty.textUser')}
      >
        {importAct}
        <Anchor renderRoot={(props) => <Link to="/catalogue/own" {...props} />}>
          {t('catalogue.own.title')}
        </Anchor>
      </EmptyPage>
    );
  }
  return (
    <>
      <PageHead title={t('catalogue.title')} text={t('catalogue.text')}>
        {importAct}
      </PageHead>
      <Failing of={catalogues} />
      <div className={classes.shelf}>
        {catalogues.isPending &&
          Array.from({ length: 3 }, (_, index) => <Skeleton key={index} h={148} />)}
        {catalogues.data?.map((catalogue) => (
          <CatalogueCard key={catalogue.slug} catalogue={catalogue} />
        ))}
        {catalogues.data !== undefined && (
          <Link to="/catalogue/own" className={classes.catalogue} data-own>
            <Text className="serif" fz="1.35rem" lh={1.25}>
              {t('catalogue.own.title')}
            </Text>
            <Text size="sm" c="dimmed" mt="xs">
              {t('catalogue.own.text')}
            </Text>
          </Link>
        )}
      </div>
    </>
  );
}
